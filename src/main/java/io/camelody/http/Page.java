package io.camelody.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The page to watch songs on: {@code GET /}, and the files that it is made of.
 *
 * <p>A browser asks for each of them every time and is told by their ETags what has not changed, so that after an update old
 * parts never meet new ones. The page is open to everybody: there is nothing in it, and what it shows it asks for with a
 * token. Its policy lets it load and call nothing but this server, and keeps any text from becoming markup.
 */
public final class Page {

    static final String INDEX = "index.html";

    /** Below {@code /page/}. A closed list: no path of a caller's is ever looked up in the jar. */
    static final List<String> FILES = List.of(
            INDEX,
            "api.js",
            "ask.js",
            "clips.js",
            "dialogs.css",
            "dom.js",
            "events.js",
            "filters.js",
            "icon.svg",
            "list.js",
            "look.css",
            "page.css",
            "page.js",
            "send.js",
            "song.css",
            "song.js",
            "songs.js",
            "steering.js",
            "timeline.js",
            "vendors.js",
            "words.js");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private record Part(String type, String etag, Buffer bytes) {}

    private static final Map<String, Part> PARTS = parts();

    public Page() {}

    public void install(Router router) {
        PARTS.forEach((path, part) -> router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(call -> answer(call, part)));
    }

    /** What is served without a token. */
    static Set<String> paths() {
        return PARTS.keySet();
    }

    private static void answer(RoutingContext call, Part part) {
        HttpServerResponse response = call.response()
                .putHeader("ETag", part.etag())
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (part.etag().equals(call.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", part.type())
                .putHeader("Content-Length", Integer.toString(part.bytes().length()));
        if (call.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(part.bytes());
        }
    }

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new HashMap<>();
        FILES.forEach(file -> parts.put(file.equals(INDEX) ? "/" : "/page/" + file, part(file)));
        return Collections.unmodifiableMap(parts);
    }

    private static Part part(String file) {
        try (InputStream in = Page.class.getResourceAsStream("/camelody/page/" + file)) {
            byte[] bytes = in.readAllBytes();
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
            return new Part(
                    TYPES.get(file.substring(file.lastIndexOf('.') + 1)), '"' + hash + '"', Buffer.buffer(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("A part of the page could not be read from the jar: " + file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java without SHA-256", e);
        }
    }
}
