package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.ledger.CallbackToken;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CallbackDoorTest {

    @TempDir
    private Path home;

    private ServedLedger served;

    @BeforeEach
    void serve() {
        served = new ServedLedger(home, ledger -> new CallbackDoor(ledger.callbacks())::install);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void aCallbackMakesItsSongDue() throws Exception {
        CallbackToken token = served.submit("s1");

        HttpResponse<String> answer = served.call("POST", "/callbacks/foxai/" + token.text());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(dueAt("s1")).isBeforeOrEqualTo(Instant.now());
        assertThat(served.call("POST", "/callbacks/foxai/" + token.text()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void whatIsUnknownIsAnsweredLikeAPathAtWhichThereIsNothing() throws Exception {
        CallbackToken token = served.submit("s1");
        CallbackToken ended = served.submit("s2");
        served.ledger.steering().cancel("s2");
        String nothing = served.call("POST", "/nothing").body();

        for (String path : new String[] {
            "foxai/" + CallbackToken.make().text(),
            "foxai/short",
            "foxai/%00%2e%2e",
            "nobody/" + token.text(),
            "foxai/" + ended.text()
        }) {
            HttpResponse<String> answer = served.call("POST", "/callbacks/" + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).isEqualTo(nothing);
        }
        assertThat(dueAt("s1")).isAfter(Instant.now());
    }

    @Test
    void aBodyIsLetPassAndNotAllOfALongOne() throws IOException {
        CallbackToken token = served.submit("s1");
        String[] lines = {"POST /callbacks/foxai/" + token.text() + " HTTP/1.1", "Host: localhost", "Content-Length: 20"
        };

        try (RawCall call = new RawCall(served.url())) {
            call.send(String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n{\"clips\": \"no JSON\"");
            assertThat(call.rest()).startsWith("HTTP/1.1 204");
        }
        assertThatThrownBy(() -> {
                    try (RawCall call = new RawCall(served.url())) {
                        call.send(String.join("\r\n", lines).replace("20", "99000") + "\r\n\r\n");
                        for (int sent = 0; sent < 98_000; sent += 1_000) {
                            call.send("x".repeat(1_000));
                        }
                        if (!call.rest().contains("never")) {
                            throw new IOException("hung up");
                        }
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private Instant dueAt(String id) {
        return served.ledger.catalog().find(id).orElseThrow().dueAt();
    }
}
