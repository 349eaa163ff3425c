package io.camelody.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that fail before their request is written: they certainly bought nothing. */
class UnreachableVendorTest {

    /** Spoken to under https, it does anything but shake hands. */
    @RegisterExtension
    static final BrokenVendor RUDE = new BrokenVendor().meetsAtOnce();

    @RegisterExtension
    static final VendorRoutes WITHOUT_TLS = new VendorRoutes(
            RUDE.url().replace("http:", "https:"),
            Map.of(),
            new VendorHttp(Duration.ofSeconds(60), Duration.ofSeconds(1), 8 << 20));

    @RegisterExtension
    static final VendorRoutes NOBODY_LISTENS = new VendorRoutes("http://127.0.0.1:" + freePort(), Map.of());

    @RegisterExtension
    static final VendorRoutes NO_SUCH_HOST = new VendorRoutes("https://vendor.invalid", Map.of());

    private record Greeting(String name, BrokenVendor.Act act) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> greetings() {
        return Stream.of("senseaudio", "sunomusic", "foxai").flatMap(vendor -> Stream.of(
                        new Greeting("talks no TLS", socket -> {
                            socket.getOutputStream().write("HTTP/1.1 400 No\r\n\r\n".getBytes(UTF_8));
                            socket.close();
                        }),
                        new Greeting("closes", Socket::close),
                        new Greeting("resets", BrokenVendor::reset),
                        new Greeting("is silent", RUDE::fallSilent))
                .map(greeting -> Arguments.of(vendor, greeting)));
    }

    @ParameterizedTest
    @MethodSource("greetings")
    void aVendorThatDoesNotShakeHands(String vendor, Greeting greeting) {
        RUDE.does(greeting.act()).does(greeting.act());

        assertThatNothingWasBought(WITHOUT_TLS, vendor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aPortThatNobodyListensOn(String vendor) {
        assertThatNothingWasBought(NOBODY_LISTENS, vendor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aNameThatIsNotFound(String vendor) {
        assertThatNothingWasBought(NO_SUCH_HOST, vendor);
    }

    private static void assertThatNothingWasBought(VendorRoutes routes, String vendor) {
        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) routes.submitSong(vendor, "{\"lyrics\": \"la\"}");
        VendorCallException poll =
                catchThrowableOfType(VendorCallException.class, () -> routes.poll(vendor, "song", "t1"));

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
        assertThat(submit.error().message()).isNotBlank().doesNotContain("NotSent");
        assertThat(poll.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
