package io.camelody.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a receiver knows a call by, as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> has it. */
final class Signature {

    private Signature() {}

    /**
     * Names and values of headers, by turns.
     *
     * @param id the same for each try, and for no other event
     * @param at when this try is made: receivers refuse old ones
     * @param secrets each signs, so that a receiver may have any of them while they are changed
     */
    static List<String> headers(String id, Instant at, byte[] body, List<SecretKeySpec> secrets) {
        String seconds = String.valueOf(at.getEpochSecond());
        String signatures =
                secrets.stream().map(secret -> sign(id, seconds, body, secret)).collect(Collectors.joining(" "));
        return List.of("webhook-id", id, "webhook-timestamp", seconds, "webhook-signature", signatures);
    }

    private static String sign(String id, String seconds, byte[] body, SecretKeySpec secret) {
        try {
            Mac mac = Mac.getInstance(secret.getAlgorithm());
            mac.init(secret);
            mac.update((id + "." + seconds + ".").getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
