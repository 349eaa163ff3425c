package io.camelody.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What a vendor shows when it calls back about a paid call: 192 bits that nobody can guess, since a callback carries no
 * other proof. The ledger keeps its hash alone, so whoever reads the ledger cannot call back.
 */
public record CallbackToken(String text) {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int BYTES = 24;

    /** A new one, of letters, digits, {@code -} and {@code _}. */
    public static CallbackToken make() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new CallbackToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the token, since whatever holds this record may be printed. */
    @Override
    public String toString() {
        return "CallbackToken[***]";
    }
}
