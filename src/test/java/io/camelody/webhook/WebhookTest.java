package io.camelody.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.outgoing.OutgoingHttp;
import io.camelody.request.Json;
import io.camelody.settings.Settings;
import io.camelody.settings.WebhookSettings;
import io.camelody.sink.SinkLaterException;
import io.camelody.sink.SinkRefusedException;
import io.camelody.testkit.Receiver;
import io.camelody.testkit.TestAddresses;
import io.camelody.testkit.TestCamel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WebhookTest {

    private final CamelContext camel = TestCamel.context();
    private final Receiver receiver = new Receiver();
    private final Map<String, String> settings = new HashMap<>(Map.of(
            "camelody.webhook.url",
            receiver.url(),
            "camelody.webhook.secret",
            Receiver.SECRET,
            "camelody.webhook.timeout",
            "10s"));

    @AfterEach
    void everyCallWasAGoodWebhook() {
        receiver.close();
    }

    @Test
    void deliveredSongIsToldSignedWithItsDocumentAndLinks() {
        settings.put("camelody.public-url", "https://songs.example");
        ObjectNode song = song();
        song.putArray("clips")
                .add(kept("file", "/songs/s1/clip-1.mp3"))
                .add(kept("s3", "s3://b/s1/clip-2.mp3"))
                .add(Json.object().put("error", "lost"));

        String place = webhook().send(exchange(song, 1));

        assertThat(place).isEqualTo(host());
        assertThat(receiver.heard()).singleElement().satisfies(heard -> {
            assertThat(heard.type()).isEqualTo("song.delivered");
            assertThat(heard.body().path("timestamp").asText()).isEqualTo("2026-03-16T08:41:00Z");
            assertThat(heard.id()).matches("msg_[0-9a-f]{32}");
            assertThat(heard.body().path("data").path("title").asText()).isEqualTo("Größe");
            assertThat(heard.body().path("data").path("links"))
                    .isEqualTo(
                            Json.parse(
                                    """
                            {"self": "https://songs.example/songs/s1",
                             "audio": ["https://songs.example/songs/s1/clips/1/audio"]}"""));
        });
        assertThat(song.has("links")).isFalse();
    }

    @Test
    void eventIsKnownByItsIdAtEachTryAndToNoOtherEvent() {
        receiver.answer(500);
        Webhook webhook = webhook();
        assertThatThrownBy(() -> webhook.send(exchange(song(), 1))).isInstanceOf(SinkLaterException.class);
        webhook().send(exchange(song(), 2));
        Exchange failed = exchange(song(), 1);
        failed.setVariable("event", "song.failed");
        failed.setVariable("eventAt", "2026-03-16T08:40:00Z");
        webhook.send(failed);
        webhook.send(exchange(song().put("sandbox", true), 1));
        webhook.send(exchange(song().put("generatedAt", "2026-03-16T09:00:00Z"), 1));
        webhook.send(exchange(song().put("id", "s2"), 1));

        List<String> ids = receiver.heard().stream().map(Receiver.Heard::id).toList();
        assertThat(ids.get(1)).isEqualTo(ids.get(0));
        assertThat(ids.subList(1, 6)).doesNotHaveDuplicates();
    }

    @Test
    void receiverMayHaveTheOldSecretOrTheNewOneWhileTheyAreChanged() {
        settings.put("camelody.webhook.secret", Receiver.SECRET + ", " + Receiver.OLD_SECRET);
        try (Receiver old = new Receiver(Receiver.OLD_SECRET)) {
            webhook().send(exchange(song(), 1));
            settings.put("camelody.webhook.url", old.url());
            webhook().send(exchange(song(), 1));

            assertThat(receiver.heard()).hasSize(1);
            assertThat(old.heard()).singleElement().satisfies(heard -> assertThat(
                            heard.headers().firstValue("webhook-signature").orElseThrow())
                    .matches("v1,[A-Za-z0-9+/]+=* v1,[A-Za-z0-9+/]+=*"));
        }
    }

    @Test
    void requestsOwnWebhookIsToldInsteadWhileItsHostIsAllowed() {
        settings.put("camelody.webhook.url", "https://nobody.example/");
        settings.put("camelody.webhook.allow", "http://127.0.0.1");
        ObjectNode song = song();
        song.putObject("request").put("webhook", host());
        Exchange own = exchange(song, 1);
        own.setVariable("receiver", receiver.url());

        webhook().send(own);
        settings.put("camelody.webhook.allow", "127.0.0.1");

        assertThatThrownBy(() -> webhook().send(own))
                .isInstanceOf(SinkRefusedException.class)
                .hasMessageContaining("camelody.webhook.allow");
        assertThat(receiver.heard()).hasSize(1);
    }

    @Test
    void receiverThatIsGoneIsNotTriedAgain() {
        receiver.answer(410);

        assertThatThrownBy(() -> webhook().send(exchange(song(), 1)))
                .isInstanceOf(SinkRefusedException.class)
                .hasMessage("The webhook was not taken: It was answered with 410. (receiver: %s)".formatted(host()));
    }

    @Test
    void anythingElseIsTriedAgainOnTheScheduleUntilItsEnd() {
        int[] statuses = {500, 400, 401, 404, 503, 300, 429, 501, 403};
        long[] least = {5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400};
        for (int i = 0; i < statuses.length; i++) {
            receiver.answer(statuses[i]);

            assertThat(waitAfter(i + 1)).isBetween(Duration.ofSeconds(least[i]), Duration.ofMillis(least[i] * 1_100));
        }
        receiver.answer(500);

        assertThatThrownBy(() -> webhook().send(exchange(song(), 10)))
                .isInstanceOf(SinkRefusedException.class)
                .hasMessageContaining("It was the last of 10 tries.");
    }

    @Test
    void receiverMaySayWhenToComeBackWithinADay() {
        receiver.answer(503, "Retry-After", "600");
        assertThat(waitAfter(1)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));

        receiver.answer(503, "Retry-After", "1");
        assertThat(waitAfter(2)).isBetween(Duration.ofMinutes(5), Duration.ofSeconds(330));

        receiver.answer(503, "Retry-After", "999999999");
        assertThat(waitAfter(1)).isBetween(Duration.ofHours(24), Duration.ofHours(27));

        receiver.answer(503, "Retry-After", "tomorrow");
        assertThat(waitAfter(1)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void redirectIsNotFollowed() {
        try (Receiver other = new Receiver()) {
            receiver.answer(302, "Location", other.url()).answer(308, "Location", other.url());

            waitAfter(1);
            waitAfter(2);

            assertThat(other.heard()).isEmpty();
        }
    }

    @Test
    void receiverThatHangsOrDripsHasTheTimeoutAsAWhole() {
        settings.put("camelody.webhook.timeout", "1s");
        CountDownLatch end = new CountDownLatch(1);
        receiver.answer(exchange -> awaitQuietly(end));

        assertThat(catchThrowableOfType(
                        SinkLaterException.class, () -> webhook().send(exchange(song(), 1))))
                .hasMessageContaining("There was no answer within 1 s.");
        end.countDown();
    }

    @Test
    void headThatDripsIsNoAnswer() throws Exception {
        settings.put("camelody.webhook.timeout", "1s");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("camelody.webhook.url", "http://127.0.0.1:" + server.getLocalPort() + "/");
            Thread dripping = new Thread(() -> drip(server));
            dripping.start();

            assertThat(waitAfter(1)).isLessThan(Duration.ofSeconds(6));
            dripping.join();
        }
    }

    @Test
    void bodyOfAnAnswerIsNothingToUs() {
        settings.put("camelody.webhook.timeout", "1s");
        CountDownLatch end = new CountDownLatch(1);
        receiver.answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('o');
            exchange.getResponseBody().flush();
            awaitQuietly(end);
        });
        receiver.answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1 << 14; i++) {
                    out.write(new byte[1 << 14]);
                }
            }
        });

        webhook().send(exchange(song(), 1));
        webhook().send(exchange(song(), 1));
        end.countDown();
    }

    @Test
    void receiverOnThisMachineIsRefusedUnlessItIsAllowed() {
        Webhook strict = new Webhook(
                readSettings(),
                new OutgoingHttp(TestAddresses.allowing(""), Duration.ofSeconds(5)),
                Clock.systemUTC(),
                new Random(1));

        assertThatThrownBy(() -> strict.send(exchange(song(), 1)))
                .isInstanceOf(SinkLaterException.class)
                .hasMessageContaining("camelody.outgoing.allow")
                .hasMessageNotContaining("token");
        assertThat(receiver.heard()).isEmpty();
    }

    private Duration waitAfter(int attempt) {
        return catchThrowableOfType(SinkLaterException.class, () -> webhook().send(exchange(song(), attempt)))
                .after();
    }

    private Webhook webhook() {
        return new Webhook(
                readSettings(),
                new OutgoingHttp(TestAddresses.loopback(), Duration.ofSeconds(5)),
                Clock.systemUTC(),
                new Random(1));
    }

    private WebhookSettings readSettings() {
        Settings read = new Settings(this::find, name -> name);
        WebhookSettings good = WebhookSettings.read(read, true, find("camelody.public-url"));
        read.demandGood();
        return good;
    }

    private Optional<String> find(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    private static ObjectNode song() {
        return Json.object()
                .put("id", "s1")
                .put("title", "Größe")
                .put("generatedAt", "2026-03-16T08:40:00Z")
                .put("finishedAt", "2026-03-16T08:41:00Z");
    }

    private static ObjectNode kept(String sink, String place) {
        ObjectNode clip = Json.object().put("file", "clip.mp3");
        clip.putObject("places").put(sink, place);
        return clip;
    }

    /** As the receiver is shown: the rest may be a secret. */
    private String host() {
        return receiver.url().replaceFirst("/songs.*", "");
    }

    private Exchange exchange(ObjectNode song, int attempt) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.setVariable("sinkAttempt", attempt);
        exchange.getMessage().setBody(song);
        return exchange;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A byte now and then, until the caller goes away. */
    private static void drip(ServerSocket server) {
        try (var socket = server.accept()) {
            while (true) {
                socket.getOutputStream().write('H');
                // the drip is the fault itself
                Thread.sleep(50);
            }
        } catch (IOException e) {
            // gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
