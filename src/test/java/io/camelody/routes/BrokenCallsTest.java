package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camelody.request.Json;
import io.camelody.testkit.BrokenVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorCallException;
import io.camelody.vendor.VendorHttp;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
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
    static final VendorRoutes ROUTES = new VendorRoutes(
            VENDOR.url(), Map.of(), new VendorHttp(Duration.ofMillis(700), Duration.ofSeconds(1), 8 << 20));

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

    /** What comes to no end by itself, and what is said of it. */
    static Stream<Arguments> endless() {
        String late = "The vendor did not finish its answer within 1 s.";
        String large = "The vendor answered more than 8 MB.";
        return Stream.of("senseaudio", "sunomusic", "foxai")
                .flatMap(vendor -> Stream.of(
                        Arguments.of(vendor, new Fault("silent", VENDOR::fallSilent), "Read timed out"),
                        Arguments.of(vendor, new Fault("drip", VENDOR.drip(200)), late),
                        Arguments.of(vendor, new Fault("drip of an error", VENDOR.drip(400)), late),
                        Arguments.of(vendor, new Fault("flood", VENDOR.flood(200)), large),
                        Arguments.of(vendor, new Fault("flood of an error", VENDOR.flood(400)), large)));
    }

    @ParameterizedTest
    @MethodSource("endless")
    void aPaidCallIsBoundedAsAWholeAndThenInDoubt(String vendor, Fault fault, String words) {
        VENDOR.does(fault.act());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(submit.error().message()).contains(words);
        assertThat(VENDOR.heard()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("endless")
    void aStatusCallIsBoundedAsAWhole(String vendor, Fault fault, String words) {
        VENDOR.does(fault.act());

        VendorCallException failure =
                catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

        assertThat(failure.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(failure.error().message()).contains(words);
        assertThat(VENDOR.heard()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400})
    void aHugeAnswerIsNotReadToItsEnd(int status) {
        VENDOR.does(VENDOR.flood(status));

        ROUTES.submitSong("foxai", SONG_REQUEST);

        // what is read, and what fits into the buffers on the way
        assertThat(VENDOR.flooded()).isLessThan(40_000_000);
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

    @Test
    void aRouteThatFailsBeforeItsCallCertainlyBoughtNothing() {
        Exchange exchange =
                ROUTES.sendSubmit("foxai", "song", Json.parse("{\"prompt\": [\"no text\"], \"style\": 7}"), Map.of());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.readSubmit("foxai", exchange);
        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
        assertThat(submit.error().message()).contains("before it called the vendor");
    }
}
