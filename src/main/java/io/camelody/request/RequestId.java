package io.camelody.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The id of a request that brought none, such as {@code tango-k3v7q2mzr5x4a}.
 *
 * <p>It is made from the file's real absolute path, the request's own content and its occurrence number among identical
 * ones in that file. So reading the same file again gives the same ids, also with lines inserted or moved: what was
 * accepted before is not accepted again. The price: a line that is edited is a new song.
 */
public final class RequestId {

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int SLUG = 24;
    private static final int HASH = 13;
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}");

    private RequestId() {}

    /**
     * @param source where the request came from: a file's real absolute path
     * @param canonicalJson the request as {@link RequestRules} gave it
     * @param occurrence 1 for the first among identical requests of the source
     * @param salt empty, or something new to make new songs of old requests
     */
    public static String derive(String source, String canonicalJson, int occurrence, String salt) {
        return slug(source) + '-' + hash(source, canonicalJson, Integer.toString(occurrence), salt);
    }

    private static String slug(String source) {
        String name = source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
        String stem = name.lastIndexOf('.') > 0 ? name.substring(0, name.lastIndexOf('.')) : name;
        StringBuilder slug = new StringBuilder();
        for (char each : plain(stem).toCharArray()) {
            boolean isPlain = each >= 'a' && each <= 'z' || each >= '0' && each <= '9';
            if (isPlain) {
                slug.append(each);
            } else if (slug.isEmpty() || slug.charAt(slug.length() - 1) != '-') {
                slug.append('-');
            }
        }
        slug.setLength(Math.min(SLUG, slug.length()));
        int from = slug.indexOf("-") == 0 ? 1 : 0;
        int to = slug.length() > from && slug.charAt(slug.length() - 1) == '-' ? slug.length() - 1 : slug.length();
        return from == to ? "song" : slug.substring(from, to);
    }

    private static String plain(String stem) {
        boolean isAscii = stem.chars().allMatch(each -> each < 128);
        String bare = isAscii
                ? stem
                : ACCENTS.matcher(Normalizer.normalize(stem, Normalizer.Form.NFD))
                        .replaceAll("");
        return bare.toLowerCase(Locale.ROOT);
    }

    private static String hash(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // with the length before each, no two lists of parts are the same bytes
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            digest.update(bytes);
        }
        byte[] hash = digest.digest();
        StringBuilder text = new StringBuilder(HASH);
        for (int bit = 0; text.length() < HASH; bit += 5) {
            int twoBytes = (hash[bit / 8] & 0xff) << 8 | (hash[bit / 8 + 1] & 0xff);
            text.append(BASE32.charAt(twoBytes >> (11 - bit % 8) & 31));
        }
        return text.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256", e);
        }
    }
}
