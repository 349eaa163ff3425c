package io.camelody.request;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The requests of one file, in order. One format, one implementation. */
interface RequestSource extends Closeable {

    /** The next item, or null at the end; what is wrong with a request is in its item, what with the disk is thrown. */
    ReadItem next() throws IOException;

    /** The line, or the element, that was read last. */
    int line();

    /** The bytes of a file without the mark that some editors put before UTF-8. */
    static InputStream withoutMark(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(3);
        byte[] start = in.readNBytes(3);
        if (!Arrays.equals(start, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF})) {
            in.reset();
        }
        return in;
    }

    /** The text of some bytes, where Java alone would put a question mark for what is not UTF-8. */
    static String strictText(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** The first characters of bytes that may be no good text. */
    static String start(byte[] bytes) {
        int most = Math.min(bytes.length, RequestReader.KEPT * 4);
        return Problem.start(new String(bytes, 0, most, StandardCharsets.UTF_8), RequestReader.KEPT);
    }
}
