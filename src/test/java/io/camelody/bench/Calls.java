package io.camelody.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/** What a benchmark asks the processes that it has started, by HTTP. */
final class Calls {

    private static final Pattern HEAP = Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\",[^}]*} (\\S+)");

    private Calls() {}

    /** The body of the answer, whatever its status. */
    static String get(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes of heap that a {@code run} at a URL uses. */
    static double heap(String url) {
        return HEAP.matcher(get(url + "/metrics"))
                .results()
                .mapToDouble(area -> Double.parseDouble(area.group(1)))
                .sum();
    }
}
