package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.SmallDisk;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code camelody run} in a process of its own, whose ledger's disk fills up while callers send requests. */
class ServedOnFullDiskIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults());
    private final HttpClient client = HttpClient.newHttpClient();
    private String url;

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void whatCannotBeWrittenDownIsNotAcceptedAndMayComeAgain() throws Exception {
        Path small = Files.createDirectory(home.resolve("small"));
        try (SmallDisk disk = SmallDisk.over(small, 2);
                Child child = run(disk)) {
            await().atMost(LONG)
                    .failFast(
                            () -> assertThat(child.isAlive()).as(child.output()).isTrue())
                    .until(() -> child.output().contains("Watching"));
            Matcher listening = Pattern.compile("Listening on (http://127\\.0\\.0\\.1:\\d+)\n")
                    .matcher(child.output());
            assertThat(listening.find()).as(child.output()).isTrue();
            url = listening.group(1);
            assertThat(post("before").statusCode()).isEqualTo(202);
            disk.fill();
            HttpResponse<String> refused =
                    await().atMost(LONG).until(() -> post("meanwhile"), answer -> answer.statusCode() != 202);

            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(Json.parse(refused.body()).path("reason").asText()).isEqualTo("ledger-unavailable");
            disk.makeRoom();
            await().atMost(LONG).until(() -> post("after").statusCode() == 202);
            child.terminate();
            assertThat(child.await(LONG)).as(child.output()).isEqualTo(130);
            assertThat(child.output()).doesNotContain("\tat ");
        }
    }

    private Child run(SmallDisk disk) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run"));
        sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        for (String own : List.of(
                "camelody.http.port=0",
                "camelody.ledger.url=jdbc:sqlite:small/ledger.db",
                "camelody.budget.total=0.000001")) {
            arguments.addAll(List.of("--property", own));
        }
        return Child.run(home, disk.inside(home, Child.command(arguments.toArray(String[]::new))));
    }

    private HttpResponse<String> post(String prompt) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/songs"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"%s\", \"vendor\": \"foxai\"}".formatted(prompt)))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
