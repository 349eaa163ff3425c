package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camelody.request.Json;
import io.camelody.testkit.BrokenVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorCallException;
import io.camelody.vendor.VendorHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break: what has left is heard once, and only what certainly never left may be sent again. */
class BrokenCallsTest {

    @RegisterExtension
    static final BrokenVendor VENDOR = new BrokenVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of(), new VendorHttp(Duration.ofMillis(700)));

    private static final String SONG_REQUEST = "{\"lyrics\": \"la\"}";

    private static final String TAKEN = "{\"success\": true, \"task_id\": \"t1\"}";

    private record Fault(String name, BrokenVendor.Act act) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> faults() {
        List<Fault> faults = List.of(
                new Fault("reset", BrokenVendor::reset),
                new Fault("closed", Socket::close),
                new Fault("cut", BrokenVendor.half(TAKEN)));
        return Stream.of("senseaudio", "sunomusic", "foxai")
                .flatMap(vendor -> faults.stream().map(fault -> Arguments.of(vendor, fault)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aPaidCallThatBreaksIsInDoubtAndWasHeardOnce(String vendor, Fault fault) {
        VENDOR.does(fault.act());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(submit.error().message()).doesNotContain(VendorRoutes.key(vendor));
        assertThat(VENDOR.heard()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aStatusCallThatBreaksIsHeardOnceToo(String vendor, Fault fault) {
        VENDOR.does(fault.act());

        VendorCallException failure =
                catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

        assertThat(failure.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(VENDOR.heard()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void silenceEndsAndIsInDoubt(String vendor) {
        VENDOR.does(VENDOR::fallSilent);

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(VENDOR.heard()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aConnectionThatTheVendorClosedBetweenTwoCallsNeitherRepeatsNorDoubtsTheSecond(String vendor) {
        BrokenVendor.Act answerAndClose = socket -> {
            BrokenVendor.answer(TAKEN).on(socket);
            socket.close();
        };
        VENDOR.does(answerAndClose).does(answerAndClose).does(answerAndClose);

        for (int i = 0; i < 3; i++) {
            assertThat(ROUTES.submitSong(vendor, SONG_REQUEST)).isEqualTo(new SubmitAnswer.Taken(List.of("t1")));
        }

        assertThat(VENDOR.heard()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void noKeyIsLeftOnAnExchangeThatBroke(String vendor) {
        VENDOR.does(BrokenVendor::reset);

        Exchange exchange = ROUTES.sendSubmit(vendor, "song", ROUTES.body(vendor, SONG_REQUEST), Map.of());

        assertThat(exchange.getException()).isNotNull();
        assertThat(exchange.getMessage().getHeaders().toString()).doesNotContain(VendorRoutes.key(vendor));
    }

    /** A port that nobody listens on. */
    @Nested
    class Unreachable {

        @RegisterExtension
        static final VendorRoutes NOWHERE = new VendorRoutes("http://127.0.0.1:" + freePort(), Map.of());

        @ParameterizedTest
        @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
        void aCallThatFindsNobodyCertainlyBoughtNothing(String vendor) {
            SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) NOWHERE.submitSong(vendor, SONG_REQUEST);
            VendorCallException poll =
                    catchThrowableOfType(VendorCallException.class, () -> NOWHERE.poll(vendor, "song", "t1"));

            assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
            assertThat(poll.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
        }
    }

    @Test
    void aRouteThatFailsBeforeItsCallCertainlyBoughtNothing() {
        Exchange exchange =
                ROUTES.sendSubmit("foxai", "song", Json.parse("{\"prompt\": [\"no text\"], \"style\": 7}"), Map.of());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.readSubmit("foxai", exchange);
        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
        assertThat(submit.error().message()).contains("before it called the vendor");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
