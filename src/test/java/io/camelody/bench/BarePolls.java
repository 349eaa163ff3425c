package io.camelody.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What asking about songs in flight is compared with: the same status calls at the same rate, over connections that are kept, each
 * answer parsed and looked at, and nothing else.
 */
final class BarePolls {

    private BarePolls() {}

    /** Base URL, tasks, calls a second, ids a call, seconds. */
    public static void main(String[] arguments) throws Exception {
        int tasks = Integer.parseInt(arguments[1]);
        int rate = Integer.parseInt(arguments[2]);
        int batch = Integer.parseInt(arguments[3]);
        var json = new ObjectMapper();
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var threads = Executors.newFixedThreadPool(4);
        long start = System.nanoTime();
        for (int call = 0; call < rate * Integer.parseInt(arguments[4]); call++) {
            int first = (int) ((long) call * batch % tasks);
            threads.submit(() -> {
                StringJoiner ids = new StringJoiner(",");
                for (int i = 0; i < batch; i++) {
                    ids.add("task-" + (first + i) % tasks);
                }
                var request = HttpRequest.newBuilder(URI.create(arguments[0] + "/music/task?ids=" + ids))
                        .header("api-key", "bench")
                        .build();
                int running = 0;
                for (JsonNode task : json.readTree(
                        http.send(request, BodyHandlers.ofString()).body())) {
                    running += task.path("status").asText().equals("processing") ? 1 : 0;
                }
                return running;
            });
            long due = start + (call + 1L) * 1_000_000_000L / rate;
            // at the rate of what it is compared with
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.MINUTES);
    }
}
