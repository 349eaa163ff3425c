package io.camelody.request;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** A text file: all of it is the prompt of one song, but for the space around it. */
final class TextSource implements RequestSource {

    private final Path file;
    private final InputStream in;
    private boolean read;

    TextSource(Path file) throws IOException {
        this.file = file;
        this.in = RequestSource.withoutMark(file);
    }

    @Override
    public ReadItem next() throws IOException {
        if (read) {
            return null;
        }
        read = true;
        byte[] bytes = in.readNBytes(RequestReader.LIMIT + 1);
        if (bytes.length > RequestReader.LIMIT) {
            return unreadable(bytes, "more than 1 MB");
        }
        try {
            String text = RequestSource.strictText(bytes);
            return ReadItem.of(file, 1, Json.object().put("prompt", text.strip()), text);
        } catch (CharacterCodingException e) {
            return unreadable(bytes, "bytes that are not UTF-8");
        }
    }

    @Override
    public int line() {
        return 1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private ReadItem unreadable(byte[] bytes, String got) {
        Problem problem = Problem.about("", file.getFileName().toString(), "a text of at most 1 MB", got, "");
        return ReadItem.unreadable(file, 1, RequestSource.start(bytes), problem);
    }
}
