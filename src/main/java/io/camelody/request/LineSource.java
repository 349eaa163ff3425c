package io.camelody.request;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** One JSON object a line. Blank lines count, and give nothing; a bad line costs itself alone. */
final class LineSource implements RequestSource {

    private static final String EXPECTED = "one JSON object";

    private final Path file;
    private final Lines lines;

    LineSource(Path file) throws IOException {
        this.file = file;
        this.lines = Lines.of(file);
    }

    @Override
    public ReadItem next() throws IOException {
        while (lines.next()) {
            if (lines.isTooLong()) {
                return unreadable(lines.start(), "more than 1 MB");
            }
            String text;
            try {
                text = lines.text().strip();
            } catch (CharacterCodingException e) {
                return unreadable(lines.start().strip(), "bytes that are not UTF-8");
            }
            if (!text.isEmpty()) {
                return parse(text);
            }
        }
        return null;
    }

    @Override
    public int line() {
        return lines.number();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private ReadItem parse(String text) {
        try {
            return ReadItem.of(file, line(), Json.parse(text), text);
        } catch (IllegalArgumentException e) {
            return unreadable(text, Problem.cut(text) + " (" + JsonSource.reason(e.getMessage()) + ")");
        }
    }

    private ReadItem unreadable(String raw, String got) {
        return ReadItem.unreadable(file, line(), raw, Problem.about("", "line " + line(), EXPECTED, got, ""));
    }
}
