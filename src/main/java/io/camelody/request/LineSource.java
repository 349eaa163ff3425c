package io.camelody.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One JSON object a line. Blank lines count, and give nothing; a bad line costs itself alone. */
final class LineSource implements RequestSource {

    private static final String EXPECTED = "one JSON object";

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooLong;
    private int line;

    LineSource(Path file) throws IOException {
        this.file = file;
        this.in = RequestSource.withoutMark(file);
    }

    @Override
    public ReadItem next() throws IOException {
        while (readLine()) {
            line++;
            if (tooLong) {
                return unreadable(RequestSource.start(bytes.toByteArray()), "more than 1 MB");
            }
            String text;
            try {
                text = RequestSource.strictText(bytes.toByteArray()).strip();
            } catch (CharacterCodingException e) {
                return unreadable(bytes.toString(StandardCharsets.UTF_8).strip(), "bytes that are not UTF-8");
            }
            if (!text.isEmpty()) {
                return parse(text);
            }
        }
        return null;
    }

    @Override
    public int line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private ReadItem parse(String text) {
        try {
            return ReadItem.of(file, line, Json.parse(text), text);
        } catch (IllegalArgumentException e) {
            return unreadable(text, Problem.cut(text) + " (" + JsonSource.reason(e.getMessage()) + ")");
        }
    }

    private ReadItem unreadable(String raw, String got) {
        return ReadItem.unreadable(file, line, raw, Problem.about("", "line " + line, EXPECTED, got, ""));
    }

    /** Takes the next line, of which what goes beyond the limit is passed by; false at the end of the file. */
    private boolean readLine() throws IOException {
        bytes.reset();
        tooLong = false;
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
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            int room = RequestReader.LIMIT - bytes.size();
            tooLong |= end - from > room;
            bytes.write(buffer, from, Math.min(room, end - from));
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                return true;
            }
        }
    }
}
