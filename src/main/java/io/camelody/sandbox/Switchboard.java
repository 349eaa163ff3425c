package io.camelody.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Takes each call to whom it is for, and brings back the answer: whole, or as a fault would have it. Every call is in
 * the log before it is answered. Thread-safe.
 */
final class Switchboard implements HttpHandler {

    private static final String HTML =
            "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>";

    private static final Blob WHITE_SPACE = Blob.of(Collections.nCopies(800, spaces(1 << 16)));

    private record Entry(Vendor vendor, Route route) {}

    private final Map<String, List<Entry>> routes;
    private final Map<String, Vendor> vendors;
    private final SandboxSettings settings;
    private final TaskBook book;
    private final FileHost files;
    private final Control control;
    private final Faults faults;
    private final CallLog log;

    Switchboard(SandboxSettings settings, List<Vendor> vendors, TaskBook book, FileHost files, Control control) {
        this.settings = settings;
        this.book = book;
        this.files = files;
        this.control = control;
        this.faults = control.faults();
        this.log = control.log();
        this.vendors = vendors.stream().collect(Collectors.toMap(Vendor::name, vendor -> vendor));
        this.routes = vendors.stream()
                .flatMap(vendor -> vendor.routes().stream().map(route -> new Entry(vendor, route)))
                .collect(Collectors.groupingBy(entry -> entry.route().path(), HashMap::new, Collectors.toList()));
    }

    /** @throws IOException if the answer was not sent whole: the server closes the connection then, and only then */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = read(exchange);
            if (request.path().startsWith("/sandbox/")) {
                Delivery.send(exchange, control.answer(request), null, faults);
            } else {
                answer(exchange, request);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The sandbox was closed.", e);
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getRawQuery();
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query == null ? "" : query,
                exchange.getRequestHeaders(),
                body);
    }

    private void answer(HttpExchange exchange, Request request) throws IOException, InterruptedException {
        String vendor = vendorOf(request.path());
        CallLog.Entry heard =
                log.add(book.now(), vendor, request.method(), request.path(), request.query(), request.body());
        boolean isFile = request.path().startsWith("/files/");
        List<Entry> found = isFile ? List.of() : routesOf(request);
        Optional<Entry> entry = found.stream()
                .filter(e -> e.route().method().equals(request.method()))
                .findFirst();
        Optional<Fault.Call> call = isFile
                ? Optional.of(FileHost.call(request))
                : entry.map(e -> e.route().call());
        log.reached(Watcher.Moment.READ, call, heard);
        Trouble trouble = call.flatMap(kind -> faults.take(vendor, kind, wanted -> isForAnswer(wanted, isFile)))
                .orElse(null);
        if (trouble == Trouble.Plain.HANG) {
            faults.hang();
        }
        if (trouble == Trouble.Plain.CLOSE || trouble == Trouble.Plain.HANG) {
            throw new IOException("A fault closed the connection.");
        }
        Answer answer = answerOf(request, trouble, () -> {
            if (isFile) {
                return files.answer(request, trouble == Trouble.Plain.EXPIRE);
            }
            return vendorAnswer(request, vendor, found, entry);
        });
        log.reached(Watcher.Moment.READY, call, heard);
        if (trouble == Trouble.Plain.HANG_MADE) {
            faults.hang();
        }
        if (trouble == Trouble.Plain.LOST || trouble == Trouble.Plain.HANG_MADE) {
            throw new IOException("A fault lost the answer.");
        }
        heard.answered(answer.status());
        Delivery.send(exchange, answer, trouble, faults);
        log.reached(Watcher.Moment.SENT, call, heard);
    }

    private static Blob.Piece spaces(int length) {
        byte[] spaces = new byte[length];
        Arrays.fill(spaces, (byte) ' ');
        return new Blob.Piece(spaces, length);
    }

    private static boolean isForAnswer(Trouble trouble, boolean isFile) {
        boolean fits = isFile ? trouble != Trouble.Plain.HUGE : trouble != Trouble.Plain.EXPIRE;
        return fits && !trouble.concernsTask() && !trouble.concernsShape();
    }

    private Answer answerOf(Request request, Trouble trouble, Supplier<Answer> usual) {
        if (trouble instanceof Trouble.Status status) {
            Answer answer = Answer.text(status.status(), "application/json", status.body());
            for (var header : status.headers().entrySet()) {
                answer = answer.with(header.getKey(), header.getValue());
            }
            return answer;
        }
        if (trouble == Trouble.Plain.HTML) {
            return Answer.text(200, "text/html; charset=utf-8", HTML);
        }
        Answer answer;
        try {
            answer = usual.get();
        } catch (Refused e) {
            Vendor vendor = vendors.get(vendorOf(request.path()));
            answer = vendor == null || request.path().startsWith("/files/")
                    ? Answer.text(e.status(), "text/plain; charset=utf-8", e.getMessage())
                    : Answer.json(e.status(), vendor.error(e.status(), e.getMessage()));
        }
        if (trouble instanceof Trouble.Type type) {
            return answer.with("Content-Type", type.contentType());
        }
        if (trouble == Trouble.Plain.EMPTY) {
            return Answer.of(200, answer.headers().get("Content-Type"), Blob.EMPTY);
        }
        if (trouble == Trouble.Plain.HUGE) {
            return answer.after(WHITE_SPACE);
        }
        return trouble == Trouble.Plain.SHORT ? answer.half() : answer;
    }

    private Answer vendorAnswer(Request request, String vendor, List<Entry> found, Optional<Entry> entry) {
        if (found.isEmpty()) {
            throw new Refused(404, "No such path: " + request.path() + ".");
        }
        String key = vendors.get(vendor).key(request);
        if (key.isEmpty() || (settings.apiKey().isEmpty() ? key.equals("wrong") : !key.equals(settings.apiKey()))) {
            throw new Refused(401, key.isEmpty() ? "Missing API key." : "Wrong API key.");
        }
        return entry.orElseThrow(
                        () -> new Refused(405, "No method " + request.method() + " at " + request.path() + "."))
                .route()
                .answer()
                .apply(request);
    }

    private List<Entry> routesOf(Request request) {
        if (vendors.get(vendorOf(request.path())) instanceof Recorded vendor) {
            return vendor.routeOf(request).stream()
                    .map(route -> new Entry(vendor, route))
                    .toList();
        }
        List<Entry> exact = routes.getOrDefault(request.path(), List.of());
        if (!exact.isEmpty()) {
            return request.path().endsWith("/") ? List.of() : exact;
        }
        return routes.getOrDefault(request.path().substring(0, request.path().lastIndexOf('/') + 1), List.of());
    }

    private static String vendorOf(String path) {
        if (path.startsWith("/files/")) {
            int end = path.indexOf('/', "/files/".length());
            return end < 0 ? "" : path.substring("/files/".length(), end);
        }
        if (path.startsWith(Recorded.PLACE)) {
            return path.substring(Recorded.PLACE.length()).split("/", 2)[0];
        }
        if (path.startsWith("/v1/song/")
                || path.startsWith("/v1/music/lyrics/")
                || path.startsWith("/v1/music/song/")) {
            return "senseaudio";
        }
        return path.startsWith("/v1/music/") ? "sunomusic" : path.startsWith("/api/v2/") ? "foxai" : "";
    }
}
