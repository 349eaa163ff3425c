package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets calls in that show a token, and those to paths that are open to everybody.
 *
 * <p>A path is open only if it is one of the list to the letter, in the normal form that the routes are found by: what comes
 * by another spelling is not open. A token is compared with each of those set, whichever fits, in a time that tells nothing.
 */
final class TokenGuard implements Handler<RoutingContext> {

    private static final Set<String> OPEN = Set.of("/health", "/health/live", "/health/ready", "/openapi.json");

    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** Their token is part of the path. */
    private static final Pattern CALLBACK = Pattern.compile("/callbacks/[a-z0-9-]{1,40}/[A-Za-z0-9_-]{1,512}");

    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([^\\s,]{1,512})");

    private static final HttpProblem WHO = new HttpProblem(
            401,
            "unauthorized",
            "Show a token of camelody.http.token: Authorization: Bearer TOKEN.",
            List.of(),
            Map.of("WWW-Authenticate", "Bearer realm=\"camelody\""));

    private final List<byte[]> tokens;

    TokenGuard(List<String> tokens) {
        this.tokens = tokens.stream().map(TokenGuard::digest).toList();
    }

    @Override
    public void handle(RoutingContext call) {
        if (isOpen(call) || isKnown(call.request().headers().getAll("Authorization"))) {
            call.next();
        } else {
            WHO.answer(call);
        }
    }

    private static boolean isOpen(RoutingContext call) {
        HttpMethod method = call.request().method();
        String path = call.normalizedPath();
        return LOOKING.contains(method) && (OPEN.contains(path) || Page.paths().contains(path))
                || method.equals(HttpMethod.POST) && CALLBACK.matcher(path).matches();
    }

    private boolean isKnown(List<String> headers) {
        Matcher bearer = BEARER.matcher(headers.size() == 1 ? headers.get(0) : "");
        if (!bearer.matches()) {
            return false;
        }
        byte[] shown = digest(bearer.group(1));
        boolean known = false;
        for (byte[] token : tokens) {
            known |= MessageDigest.isEqual(token, shown);
        }
        return known;
    }

    /** Of one length, whatever the token's. */
    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256", e);
        }
    }
}
