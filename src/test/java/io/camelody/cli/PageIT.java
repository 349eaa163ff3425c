package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.PageScript;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code camelody run} in a browser. What is done there stands in {@code src/test/page}. */
class PageIT {

    private static final String TOKEN = "a-token-for-the-page-s-test";
    private static final int MANY = 10_000;
    private static final Pattern LISTENING = Pattern.compile("Listening on (http://\\S+)");

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults().withLatency(Duration.ofSeconds(1)));
    private Child served;

    @AfterEach
    void close() throws Exception {
        served.close();
        sandbox.close();
    }

    @Test
    void songsAreSentWatchedPlayedAndSteered() throws Exception {
        String url = serve(Map.of());

        PageScript.run("page.test.mjs", Map.of("CAMELODY_URL", url, "CAMELODY_SANDBOX", sandboxUrl()));
    }

    @Test
    void theTokenIsAskedForOnce() throws Exception {
        String url = serve(Map.of("camelody.http.token", TOKEN, "camelody.http.host", "127.0.0.1"));

        PageScript.run("token.test.mjs", Map.of("CAMELODY_URL", url, "CAMELODY_TOKEN", TOKEN));
    }

    @Test
    void tenThousandOpenSongsAreListed() throws Exception {
        String url = serve(Map.of("camelody.foxai.submit-rate", "1"));
        String requests = IntStream.range(0, MANY)
                .mapToObj(i -> "{\"prompt\": \"one of many\", \"title\": \"Number " + i + "\", \"vendor\": \"foxai\"}")
                .collect(Collectors.joining(",", "[", "]"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/songs"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(requests))
                .build();
        HttpResponse<String> receipts = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(receipts.statusCode()).isEqualTo(202);

        String said =
                PageScript.run("many.test.mjs", Map.of("CAMELODY_URL", url, "CAMELODY_SONGS", Integer.toString(MANY)));

        said.lines().filter(line -> line.contains("longer than 50 ms")).forEach(System.out::println);
    }

    private String serve(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody.http.port", "0");
        settings.putAll(more);
        List<String> arguments = new ArrayList<>(List.of("run"));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        served = Child.start(home, arguments.toArray(String[]::new));
        Matcher url =
                await().atMost(Duration.ofSeconds(60)).until(() -> LISTENING.matcher(served.output()), Matcher::find);
        return url.group(1);
    }

    private String sandboxUrl() {
        return "http://127.0.0.1:" + sandbox.port();
    }
}
