package io.camelody.request;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The lines of a file, one in memory at a time, and of one that is too long only the start. A line of CSV goes on behind
 * a line break that is quoted. Not thread-safe.
 */
final class Lines implements Closeable {

    private final InputStream in;
    private final Quotes quotes;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooLong;
    private int number;
    private int breaks = 1;

    private Lines(Path file, Quotes quotes) throws IOException {
        this.in = RequestSource.withoutMark(file);
        this.quotes = quotes;
    }

    static Lines of(Path file) throws IOException {
        return new Lines(file, null);
    }

    static Lines ofCsv(Path file) throws IOException {
        return new Lines(file, new Quotes());
    }

    /** Takes the next line, of which what goes beyond the limit is passed by; false at the end of the file. */
    boolean next() throws IOException {
        bytes.reset();
        tooLong = false;
        number += breaks;
        breaks = 0;
        boolean any = false;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(buffer));
                if (to == 0) {
                    return any;
                }
            }
            any = true;
            int end = end();
            int room = RequestReader.LIMIT - bytes.size();
            tooLong |= end - from > room;
            bytes.write(buffer, from, Math.min(room, end - from));
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                breaks++;
                return true;
            }
        }
    }

    /** Where in the buffer the line ends. */
    private int end() {
        for (int i = from; i < to; i++) {
            boolean quoted = quotes != null && quotes.isInside(buffer[i]);
            if (buffer[i] == '\n') {
                if (!quoted) {
                    return i;
                }
                breaks++;
            }
        }
        return to;
    }

    /** Of the line's start, from 1. */
    int number() {
        return number;
    }

    boolean isTooLong() {
        return tooLong;
    }

    /** The line, or its start if it is too long; what is not UTF-8 replaced by a mark. */
    String start() {
        return tooLong
                ? RequestSource.start(bytes.toByteArray())
                : bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** @throws CharacterCodingException if it is not UTF-8 */
    String text() throws CharacterCodingException {
        return RequestSource.strictText(bytes.toByteArray());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /**
     * Follows the quotes of CSV, byte by byte: they open at the start of a field alone, and two of them inside are one of
     * the text. UTF-8 has none of these bytes in another character.
     */
    private static final class Quotes {

        private boolean inside;
        private boolean maySwitch = true;

        boolean isInside(byte next) {
            if (inside) {
                // closes, unless another one follows
                inside = next != '"';
                maySwitch = !inside;
            } else {
                inside = maySwitch && next == '"';
                maySwitch = next == '\n' || next == ',' || next == ';' || next == '\t';
            }
            return inside;
        }
    }
}
