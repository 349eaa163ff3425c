package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camelody.testkit.BrokenVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorCallException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Status calls go over connections that others of them have left; a paid call never does. */
class KeptCallsTest {

    @RegisterExtension
    static final BrokenVendor VENDOR = new BrokenVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of());

    private static final Map<String, String> RUNNING = Map.of(
            "senseaudio", "{\"task_id\": \"t1\", \"status\": \"PENDING\"}",
            "sunomusic", "{\"code\": \"success\", \"data\": [{\"id\": \"t1\", \"status\": \"queued\"}]}",
            "foxai", "[{\"task_id\": \"t1\", \"status\": \"processing\"}]");

    private final List<Socket> callers = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void statusCallsShareAConnection(String vendor) {
        for (int i = 0; i < 3; i++) {
            VENDOR.does(answer(RUNNING.get(vendor)));

            assertThat(ROUTES.pollOne(vendor, "song", "t1").status()).isEqualTo("running");
        }

        assertThat(callers).hasSize(3).containsOnly(callers.get(0));
    }

    @ParameterizedTest
    @CsvSource({"senseaudio, true", "sunomusic, false", "foxai, true"})
    void aStatusCallThatFindsItsKeptConnectionClosedIsMadeOnceMoreAndNobodyHearsOfIt(String vendor, boolean reset) {
        VENDOR.does(answer(RUNNING.get(vendor)))
                .does(reset ? BrokenVendor::reset : Socket::close)
                .does(answer(RUNNING.get(vendor)));

        for (int i = 0; i < 2; i++) {
            assertThat(ROUTES.pollOne(vendor, "song", "t1").status()).isEqualTo("running");
        }

        assertThat(VENDOR.heard()).hasSize(3);
        assertThat(callers).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aStatusCallThatFindsTwoConnectionsClosedHasFailed(String vendor) {
        VENDOR.does(answer(RUNNING.get(vendor))).does(Socket::close).does(Socket::close);
        ROUTES.poll(vendor, "song", "t1");

        VendorCallException failure =
                catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

        assertThat(failure.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(VENDOR.heard()).hasSize(3);
    }

    /** SenseAudio's file makes both by one endpoint. */
    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aPaidCallHasAConnectionOfItsOwnThatNobodyGetsAfterIt(String vendor) {
        VENDOR.does(answer(RUNNING.get(vendor)))
                .does(answer("{\"success\": true, \"task_id\": \"t1\"}"))
                .does(answer(RUNNING.get(vendor)))
                .does(answer("{\"success\": true, \"task_id\": \"t1\"}"))
                .does(Socket::close);

        for (int i = 0; i < 2; i++) {
            ROUTES.poll(vendor, "song", "t1");
            assertThat(ROUTES.submitSong(vendor, "{\"lyrics\": \"la\"}"))
                    .isEqualTo(new SubmitAnswer.Taken(List.of("t1")));
        }
        SubmitAnswer.NotTaken broken = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, "{\"lyrics\": \"la\"}");

        assertThat(broken.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(VENDOR.heard()).hasSize(5);
        assertThat(callers.get(2)).isSameAs(callers.get(0));
        assertThat(List.of(callers.get(0), callers.get(1), callers.get(3))).doesNotHaveDuplicates();
    }

    private BrokenVendor.Act answer(String json) {
        return socket -> {
            callers.add(socket);
            BrokenVendor.answer(json).on(socket);
        };
    }
}
