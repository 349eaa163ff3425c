package io.camelody.ledger;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How many rows there are and what is in them, in whatever order they come. */
final class RowSum {

    private final MessageDigest digest;
    private long count;
    private long sum;

    RowSum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void add(byte[] row) {
        count++;
        sum += ByteBuffer.wrap(digest.digest(row)).getLong();
    }

    long count() {
        return count;
    }

    boolean isOf(RowSum other) {
        return count == other.count && sum == other.sum;
    }

    @Override
    public String toString() {
        return "%d rows with the sum %x".formatted(count, sum);
    }
}
