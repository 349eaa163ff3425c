package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.camelody.audio.AudioFetcher;
import io.camelody.audio.FetchSettings;
import io.camelody.audio.Finish;
import io.camelody.audio.SongAudio;
import io.camelody.request.Json;
import io.camelody.settings.Settings;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestAddresses;
import io.camelody.testkit.TestCamel;
import io.camelody.vendor.TaskAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a song's document before its sinks; its first clip has been fetched before. */
final class DeliveryTest {

    private static final CamelContext CAMEL = TestCamel.context();

    @TempDir
    private Path stage;

    private final SettableClock clock = new SettableClock();

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @BeforeEach
    void fetched() throws IOException {
        Files.createDirectories(stage.resolve("s1"));
        Files.createFile(stage.resolve("s1/.of~s1~2026-01-01T00.00.00Z"));
        try (InputStream audio = DeliveryTest.class.getResourceAsStream("/audio/two-seconds.m4a")) {
            Files.copy(audio, stage.resolve("s1/clip-1.m4a"));
        }
    }

    @Test
    void finishedIsWhenTheSongGoesOnToItsSinks() {
        Exchange exchange = fetch("[{'id': 'c1'}]", null);

        assertThat(exchange.getVariable("clipsReady")).isEqualTo(true);
        assertThat(song(exchange).path("finishedAt").textValue())
                .isEqualTo(clock.instant().toString());
    }

    @Test
    void songWhoseClipsAreMissingIsNotFinished() {
        Exchange exchange = fetch("[{'id': 'c1'}, {'id': 'c2'}]", null);

        assertThat(exchange.getVariable("clipsReady")).isEqualTo(false);
        assertThat(song(exchange).has("finishedAt")).isFalse();
    }

    @Test
    void afterTheLastTryWhatIsGoodGoesOn() {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("lastTry", true);

        fetch(exchange, "[{'id': 'c1'}, {'id': 'c2'}]", null);

        assertThat(exchange.getVariable("clipsReady")).isEqualTo(true);
        assertThat(song(exchange).at("/clips/0/file").textValue()).isEqualTo("clip-1.m4a");
        assertThat(song(exchange).at("/clips/1/error").textValue()).contains("no URL");
    }

    @Test
    void songWithoutAGoodClipGoesNowhereAfterTheLastTry() {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("lastTry", true);

        fetch(exchange, "[{'id': 'c1', 'status': 'error'}, {'id': 'c2'}]", null);

        assertThat(exchange.getVariable("clipsReady")).isEqualTo(false);
    }

    @Test
    void lastTryThatWasBrokenOffSaysNothingOfTheClips() {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("lastTry", true);

        Thread.currentThread().interrupt();
        fetch(exchange, "[{'id': 'c1'}, {'id': 'c2', 'audioUrl': 'https://cdn.example/c2'}]", null);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(exchange.getVariable("clipsReady")).isEqualTo(false);
        assertThat(exchange.getVariable("interrupted")).isEqualTo(true);
    }

    @Test
    void clipThatHadNotBegunIsWhatItHasBecome() {
        Exchange exchange = fetch(
                "[{'id': 'c1', 'status': 'queued'}, {'id': 'c2', 'status': 'queued'}]",
                "[{'clips': [{'id': 'c2', 'status': 'error'}, {'id': 'c1', 'status': 'complete', 'duration': 2.5}]}]");

        assertThat(song(exchange).at("/clips/0/status").textValue()).isEqualTo("complete");
        assertThat(song(exchange).at("/clips/0/duration").doubleValue()).isEqualTo(2.5);
        assertThat(song(exchange).at("/clips/1/error").textValue()).contains("\"error\"");
        assertThat(exchange.getVariable("clipsReady"))
                .as("the other one is good")
                .isEqualTo(true);
    }

    @Test
    void clipThatWasCompleteStaysSo() {
        Exchange exchange = fetch(
                "[{'id': 'c1', 'status': 'complete', 'duration': 2}]",
                "[{'clips': [{'id': 'c1', 'status': 'error', 'duration': 30, 'audioUrl': 'https://cdn.example/new'}]}]");

        assertThat(song(exchange).at("/clips/0/status").textValue()).isEqualTo("complete");
        assertThat(song(exchange).at("/clips/0/duration").intValue()).isEqualTo(2);
        assertThat(song(exchange).at("/clips/0/audioUrl").textValue()).isEqualTo("https://cdn.example/new");
    }

    @Test
    void clipsWithoutIdsAreToldApartByTheirPlaceWhereTheAnswerHasThemAll() {
        Exchange exchange = fetch(
                "[{'audioUrl': 'no:a'}, {'audioUrl': 'no:b'}]",
                "[{'clips': [{'audioUrl': 'no:fresh-a'}, {'audioUrl': 'no:fresh-b'}]}]");

        assertThat(song(exchange).findValuesAsText("audioUrl")).containsExactly("no:fresh-a", "no:fresh-b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'clips': [{'audioUrl': 'no:b'}]}]",
                "[{'clips': [{'audioUrl': 'no:b'}]}, {'clips': [{'audioUrl': 'no:a'}]}]",
            })
    void clipsWithoutIdsKeepTheirUrlsWhereNobodyCanTellThemApart(String fresh) {
        Exchange exchange = fetch("[{'audioUrl': 'no:a'}, {'audioUrl': 'no:b'}]", fresh);

        assertThat(song(exchange).findValuesAsText("audioUrl")).containsExactly("no:a", "no:b");
    }

    @Test
    void expiredUrlWithoutAFreshOneIsTroubleThatPasses() throws IOException {
        HttpServer host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        host.createContext("/", exchange -> {
            exchange.sendResponseHeaders(410, -1);
            exchange.close();
        });
        host.start();
        try {
            String clips = "[{}, {'audioUrl': 'http://127.0.0.1:%d/old'}]"
                    .formatted(host.getAddress().getPort());

            JsonNode silent = song(fetch(clips, null)).at("/clips/1");
            JsonNode answered = song(fetch(clips, "[]")).at("/clips/1");

            assertThat(silent.path("errorKind").textValue()).isEqualTo("server");
            assertThat(silent.path("error").textValue()).contains("410", "The vendor gave no fresh URL.");
            assertThat(answered.path("errorKind").textValue()).isEqualTo("gone");
        } finally {
            host.stop(0);
        }
    }

    private Exchange fetch(String clips, String fresh) {
        return fetch(new DefaultExchange(CAMEL), clips, fresh);
    }

    private Exchange fetch(Exchange exchange, String clips, String fresh) {
        ObjectNode song = Json.object().put("id", "s1").put("generatedAt", "2026-01-01T00:00:00Z");
        song.set("clips", json(clips));
        exchange.getMessage().setBody(song);
        exchange.setVariable("refresh", true);
        if (fresh != null) {
            exchange.setVariable("fresh", json(fresh));
        }
        FetchSettings settings = FetchSettings.defaults();
        Finish finish = Finish.read(new Settings(name -> Optional.empty(), UnaryOperator.identity()));
        SongAudio audio = new SongAudio(
                new AudioFetcher(TestAddresses.loopback(), settings), stage, TaskAnswer::hasEndedBadly, finish);
        new Delivery(audio, clock).fetch(exchange);
        return exchange;
    }

    private static ObjectNode song(Exchange exchange) {
        return exchange.getMessage().getBody(ObjectNode.class);
    }

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }
}
