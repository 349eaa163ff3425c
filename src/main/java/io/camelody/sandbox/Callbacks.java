package io.camelody.sandbox;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Calls back once when a task is ready, as sunomusic does: no signature, no second try. Only hosts on this machine are
 * called, so that nothing leaves it.
 */
final class Callbacks implements AutoCloseable {

    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int LOOK_EVERY_MS = 20;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "sandbox-callbacks");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    void callWhen(String url, BooleanSupplier ready, Supplier<String> body) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "Expected callback_url to be a URL, got: \"" + url + "\".");
        }
        if (isHere(uri)) {
            later(uri, ready, body);
        }
    }

    private void later(URI uri, BooleanSupplier ready, Supplier<String> body) {
        try {
            timer.schedule(() -> callOrWait(uri, ready, body), LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the sandbox was closed meanwhile, and with it all that was to come
        }
    }

    private void callOrWait(URI uri, BooleanSupplier ready, Supplier<String> body) {
        if (!ready.getAsBoolean()) {
            later(uri, ready, body);
            return;
        }
        var request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.get()))
                .build();
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    private static boolean isHere(URI uri) {
        // by its name alone: even to look a name up would be a call that leaves this machine
        return "http".equals(uri.getScheme()) && uri.getHost() != null && HERE.contains(uri.getHost());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
