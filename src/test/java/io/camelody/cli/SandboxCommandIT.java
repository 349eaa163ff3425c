package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCommandIT {

    @TempDir
    Path home;

    @Test
    void sandboxRunsUntilItIsStoppedAndItsSettingsCanBePasted() throws Exception {
        try (Child child = Child.start(home, "sandbox", "--port", "0", "--fault", "foxai:submit:1:status=503")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> child.output().contains("-X DELETE"));

            Matcher url = Pattern.compile("listens on (http://127.0.0.1:\\d+)").matcher(child.output());
            assertThat(url.find()).isTrue();
            assertThat(exports(child.output()))
                    .containsEntry("CAMELODY_FOXAI_BASE_URL", url.group(1) + "/api/v2")
                    .containsEntry("CAMELODY_FOXAI_API_KEY", "sandbox");
            assertThat(get(url.group(1) + "/sandbox/tasks")).isEqualTo("[]");

            child.terminate();
            assertThat(child.await(Duration.ofSeconds(10))).isEqualTo(130);
            assertThat(child.output()).doesNotContain("\tat ");
        }
    }

    private static Map<String, String> exports(String output) {
        return Pattern.compile("export (\\w+)=(\\S+)")
                .matcher(output)
                .results()
                .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }
}
