package io.camelody.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Bytes to be sent, put together from pieces that other answers share: a song costs no memory of its own.
 *
 * <p>Immutable, and so are the arrays in it, by agreement.
 */
record Blob(List<Piece> pieces, long length) {

    /** The first {@code length} bytes of an array. */
    record Piece(byte[] bytes, int length) {}

    static final Blob EMPTY = new Blob(List.of(), 0);

    static Blob of(byte[] bytes) {
        return of(List.of(new Piece(bytes, bytes.length)));
    }

    static Blob of(List<Piece> pieces) {
        return new Blob(pieces, pieces.stream().mapToLong(Piece::length).sum());
    }

    Blob first(long bytes) {
        return new Blob(pieces, Math.min(length, bytes));
    }

    void writeTo(OutputStream out, long from, long to) throws IOException {
        long start = 0;
        for (Piece piece : pieces) {
            long low = Math.max(from, start);
            long high = Math.min(to, start + piece.length());
            if (low < high) {
                out.write(piece.bytes(), (int) (low - start), (int) (high - low));
            }
            start += piece.length();
        }
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream((int) length);
        try {
            writeTo(out, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
