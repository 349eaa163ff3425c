package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code camelody run} of the packed program in a process of its own, over HTTP. */
public final class ServedProgram implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("Listening on (http://\\S+)");

    private static final int AT_ONCE = 1_000;

    private final Child child;
    private final String url;

    private ServedProgram(Child child, String url) {
        this.child = child;
        this.url = url;
    }

    /** Runs on a port that the system gives, with the vendors of a sandbox. */
    public static ServedProgram run(Path home, Sandbox sandbox, Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody.http.port", "0");
        settings.putAll(more);
        List<String> arguments = new ArrayList<>(List.of("run"));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        Child child = Child.start(home, arguments.toArray(String[]::new));
        Matcher url =
                await().atMost(Duration.ofSeconds(60)).until(() -> LISTENING.matcher(child.output()), Matcher::find);
        return new ServedProgram(child, url.group(1));
    }

    public String url() {
        return url;
    }

    /** Has as many songs accepted, all of one vendor. */
    public void accept(int songs) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (int from = 0; from < songs; from += AT_ONCE) {
            String requests = IntStream.range(from, Math.min(songs, from + AT_ONCE))
                    .mapToObj(i ->
                            "{\"prompt\": \"one of many\", \"title\": \"Number " + i + "\", \"vendor\": \"foxai\"}")
                    .collect(Collectors.joining(",", "[", "]"));
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/songs"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(requests))
                    .build();
            HttpResponse<String> receipts = client.send(request, BodyHandlers.ofString());
            assertThat(receipts.statusCode()).as(receipts.body()).isEqualTo(202);
        }
    }

    @Override
    public void close() throws IOException {
        child.close();
    }
}
