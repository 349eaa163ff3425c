package io.camelody.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code GET /songs/{id}/clips/{n}/audio} and {@code /cover}: a clip's files as they are on the disk, whole or one part, as a
 * player asks that wants to begin in the middle. The bytes go from the file to the connection without coming into memory.
 */
public final class ClipDownloads {

    private final ClipFiles files;

    public ClipDownloads(ClipFiles files) {
        this.files = files;
    }

    public void install(Router router) {
        for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD}) {
            router.route(method, "/songs/:id/clips/:number/audio")
                    .handler(call -> find(call, () -> files.audio(call.pathParam("id"), call.pathParam("number"))));
            router.route(method, "/songs/:id/clips/:number/cover")
                    .handler(call -> find(call, () -> files.cover(call.pathParam("id"), call.pathParam("number"))));
        }
    }

    private static void find(RoutingContext call, Supplier<ClipFile> find) {
        call.vertx().executeBlocking(find::get, false).onFailure(call::fail).onSuccess(file -> answer(call, file));
    }

    private static void answer(RoutingContext call, ClipFile file) {
        HttpServerResponse response = call.response()
                .putHeader("ETag", file.tag())
                .putHeader("Cache-Control", "private, no-cache")
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (isKnown(call, file)) {
            response.setStatusCode(304).end();
            return;
        }
        Optional<ByteRange> range = range(call, file);
        if (range.isPresent() && !range.get().isThere()) {
            new HttpProblem(
                            416,
                            "no-such-range",
                            "The file has %d bytes.".formatted(file.size()),
                            List.of(),
                            Map.of("Content-Range", range.get().contentRange(file.size())))
                    .answer(call);
            return;
        }
        ByteRange part = range.orElse(new ByteRange(0, file.size()));
        range.ifPresent(
                asked -> response.setStatusCode(206).putHeader("Content-Range", asked.contentRange(file.size())));
        response.putHeader("Content-Type", file.mediaType())
                .putHeader("Content-Disposition", "inline; filename=\"%s\"".formatted(file.name()))
                .putHeader("Content-Length", Long.toString(part.length()));
        if (call.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.sendFile(file.path().toString(), part.from(), part.length())
                    .onFailure(gone -> cut(call, gone));
        }
    }

    /** Before the first byte it is a failure like others; after it the caller hears of it by a file that is too short. */
    private static void cut(RoutingContext call, Throwable why) {
        if (call.response().headWritten() || call.response().closed()) {
            call.request().connection().close();
        } else {
            call.response().headers().clear();
            call.fail(why);
        }
    }

    private static boolean isKnown(RoutingContext call, ClipFile file) {
        String known = String.join(",", call.request().headers().getAll("If-None-Match"));
        return Arrays.stream(known.split(","))
                .map(tag -> tag.strip().replaceFirst("^W/", ""))
                .anyMatch(tag -> tag.equals("*") || tag.equals(file.tag()));
    }

    /** A part of other bytes than the caller has the rest of is of no use to it. */
    private static Optional<ByteRange> range(RoutingContext call, ClipFile file) {
        String asked = call.request().getHeader("Range");
        String of = call.request().getHeader("If-Range");
        boolean counts = asked != null
                && call.request().method().equals(HttpMethod.GET)
                && (of == null || of.strip().equals(file.tag()));
        return counts ? ByteRange.of(asked, file.size()) : Optional.empty();
    }
}
