package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.settings.RouteFiles;
import io.camelody.testkit.TestSongs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code camelody run --dev}: a home that changes while it runs. */
@Timeout(90)
class LiveEngineTest {

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(200)).withSongLength(Duration.ofSeconds(1)));

    private final Map<String, String> settings = new HashMap<>(sandbox.settings());
    private final StringWriter said = new StringWriter();
    private SongLedger ledger;
    private LiveEngine engine;

    @BeforeEach
    void run() throws IOException {
        settings.put("camelody.http.port", "");
        Files.createDirectories(home.resolve("inbox"));
    }

    @AfterEach
    void stop() {
        engine.close();
        ledger.close();
        sandbox.close();
    }

    @Test
    void filesThatAreNewChangedOrGoneAreFollowed() throws IOException {
        start();
        make("s1");
        await().until(() -> Files.exists(home.resolve("songs/s1/song.json")));

        write("routes/sinks/note.camel.yaml", noteSink("first"));
        write("config/application.properties", "camelody.sinks = note\n");
        awaitReloads(1);
        make("s2");
        await().until(() -> Files.exists(home.resolve("first/s2")));

        write("routes/sinks/note.camel.yaml", noteSink("second"));
        awaitReloads(2);
        make("s3");
        await().until(() -> Files.exists(home.resolve("second/s3")));

        Files.delete(home.resolve("config/application.properties"));
        Files.delete(home.resolve("routes/sinks/note.camel.yaml"));
        awaitReloads(3);
        make("s4");
        await().until(() -> Files.exists(home.resolve("songs/s4/song.json")));

        assertThat(sandbox.tasks()).as("each song was bought once").hasSize(4);
        assertThat(roundsOf("camelody-accepted")).as("and one consumer is left").isEqualTo(1);
    }

    @Test
    void anAccountFollowsItsVendorsFile() throws IOException {
        start();

        write("config/application.properties", "camelody.foxai-2.like = foxai\ncamelody.foxai-2.api-key = k\n");
        awaitReloads(1);
        make("s1", "foxai-2");
        await().until(() -> state("s1") == SongState.DELIVERED);

        write(
                "routes/vendors/foxai.camel.yaml",
                RouteFiles.text("classpath:camelody/routes/vendors/foxai.camel.yaml")
                        .replace("/music/task", "/music/nowhere"));
        awaitReloads(2);
        make("s2", "foxai-2");
        await().until(() ->
                sandbox.heard().stream().anyMatch(call -> call.path().endsWith("/nowhere")));
    }

    @Test
    void aFileThatDoesNotLoadIsToldAndAllGoesOnAsBefore() throws IOException {
        start();

        write("routes/vendors/foxai.camel.yaml", "- route:\n    id: camelody-foxai-song-submit\n    from: [\n");

        await().until(() -> {
            engine.look();
            return said.toString().contains("Not reloaded");
        });
        assertThat(said.toString()).contains("foxai.camel.yaml, line: 4");
        make("s1");
        await().until(() -> state("s1") == SongState.DELIVERED);

        Files.delete(home.resolve("routes/vendors/foxai.camel.yaml"));
        awaitReloads(1);
        make("s2");
        await().until(() -> state("s2") == SongState.DELIVERED);
    }

    @Test
    void settingsThatAreWrongAreToldAndAllGoesOnAsBefore() throws IOException {
        start();

        write("config/application.properties", "camelody.foxai.timeout = soon\n");

        await().until(() -> {
            engine.look();
            return said.toString().contains("Not reloaded");
        });
        assertThat(said.toString()).contains("camelody.foxai.timeout", "soon");
        make("s1");
        await().until(() -> state("s1") == SongState.DELIVERED);
    }

    @Test
    void troubleThatPassesIsToldOnceAndTriedAgain() throws IOException {
        AtomicInteger starts = new AtomicInteger();
        start(place -> {
            if (List.of(2, 3).contains(starts.incrementAndGet())) {
                throw new UncheckedIOException(new IOException("the disk is full"));
            }
            return serve(place);
        });

        write("config/application.properties", "camelody.foxai.timeout = 7m\n");
        awaitReloads(1);

        assertThat(said.toString()).containsOnlyOnce("the disk is full");
        make("s1");
        await().until(() -> state("s1") == SongState.DELIVERED);
    }

    @Test
    void aPaidCallThatIsUnderWayIsHeardBeforeTheNewRoutesStart() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        HttpServer vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        vendor.createContext("/music/task", exchange -> {
            calls.incrementAndGet();
            called.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = "{\"task_id\": \"t1\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        vendor.start();
        settings.put(
                "camelody.foxai.base-url",
                "http://127.0.0.1:" + vendor.getAddress().getPort());
        settings.put("camelody.foxai.poll-first-after", "1h");
        settings.put("camelody.foxai.timeout", "2h");
        settings.put("camel.main.shutdownTimeout", "1");
        start();
        make("s1");
        called.await();

        write("routes/sinks/note.camel.yaml", noteSink("notes"));
        CompletableFuture<Void> reload = CompletableFuture.runAsync(() -> awaitReloads(1));
        await("longer than a stop waits").pollDelay(Duration.ofSeconds(2)).until(() -> !reload.isDone());
        answer.countDown();

        reload.join();
        assertThat(state("s1")).isEqualTo(SongState.SUBMITTED);
        assertThat(calls).hasValue(1);
        vendor.stop(0);
    }

    private void start() {
        start(this::serve);
    }

    private Engine serve(Workplace place) {
        return Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()));
    }

    private void start(Function<Workplace, Engine> serve) {
        Workplace place = Workplace.read(home, Map.of(), settings);
        ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC());
        engine = new LiveEngine(
                () -> Workplace.read(home, Map.of(), settings), ledger, serve, new PrintWriter(said, true));
    }

    private void awaitReloads(int times) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            engine.look();
            return said.toString().split("Reloaded\\.", -1).length - 1 == times;
        });
    }

    private void write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void make(String id) {
        make(id, "foxai");
    }

    private void make(String id, String vendor) {
        ledger.accept(List.of(TestSongs.ofVendor(id, vendor)), false);
    }

    private SongState state(String id) {
        return ledger.catalog().find(id).orElseThrow().state();
    }

    private static long roundsOf(String endpoint) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(endpoint + "-rounds"))
                .count();
    }

    private String noteSink(String folder) {
        return """
                - route:
                    id: camelody-note-sink
                    from:
                      uri: direct
                      parameters:
                        name: camelody-note-sink
                      steps:
                        - setHeader:
                            name: CamelFileName
                            expression:
                              variable:
                                expression: songId
                        - setBody:
                            expression:
                              constant:
                                expression: noted
                        - to:
                            uri: "file:%s"
                """
                .formatted(home.resolve(folder));
    }
}
