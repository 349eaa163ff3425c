package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventStreamTest {

    @TempDir
    private Path home;

    private ServedLedger served;

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void eachChangeOfStateIsTold() throws IOException {
        serve(Duration.ofSeconds(1));
        served.accept("before");

        try (Subscriber subscriber = new Subscriber("")) {
            served.accept("s1");
            served.ledger.steering().cancel("s1");

            List<JsonNode> events = subscriber.next(2);
            assertThat(subscriber.head)
                    .contains("200 OK")
                    .containsIgnoringCase("content-type: text/event-stream")
                    .containsIgnoringCase("cache-control: no-store");
            assertThat(events)
                    .extracting(event -> event.path("state").asText())
                    .containsExactly("accepted", "cancelled");
            assertThat(events.get(0).path("id").asText()).isEqualTo("s1");
            assertThat(events.get(0).path("vendor").asText()).isEqualTo("foxai");
            assertThat(events.get(0).path("title").asText()).isEqualTo("T of s1");
            assertThat(events.get(0).path("at").asText()).endsWith("Z");
            assertThat(subscriber.lines).contains("retry: 2000", "event: song");
        }
    }

    @Test
    void aSubscriberGoesOnWhereItWasHoweverMuchHappenedMeanwhile() throws IOException {
        serve(Duration.ofSeconds(1));
        served.accept("s0");
        long seen = served.ledger.happenings().last();
        served.accept(IntStream.range(1, 1_001).mapToObj(i -> "s" + i).toArray(String[]::new));

        try (Subscriber subscriber = new Subscriber("Last-Event-ID: " + seen + "\r\n")) {
            List<JsonNode> missed = subscriber.next(1_000);
            served.accept("now");

            assertThat(missed)
                    .extracting(event -> event.path("id").asText())
                    .containsExactlyElementsOf(
                            IntStream.range(1, 1_001).mapToObj(i -> "s" + i).toList());
            assertThat(subscriber.next(1).get(0).path("id").asText()).isEqualTo("now");
        }
    }

    @Test
    void whatAnotherProcessDoesIsToldToo() throws IOException {
        serve(Duration.ofSeconds(1));
        served.accept("s1");

        try (Subscriber subscriber = new Subscriber("");
                SongLedger other = served.beside()) {
            other.steering().cancel("s1");

            assertThat(subscriber.next(1).get(0).path("state").asText()).isEqualTo("cancelled");
        }
    }

    @Test
    void aSubscriberHearsFromUsWhileNothingHappens() throws IOException {
        serve(Duration.ofMillis(500));

        try (Subscriber subscriber = new Subscriber("")) {
            assertThat(subscriber.line()).isEqualTo("retry: 2000");
            await().until(subscriber::line, ":"::equals);
        }
    }

    @Test
    void anIdThatIsNoneOrOfAnotherLedgerIsNotFollowed() throws Exception {
        serve(Duration.ofSeconds(1));
        served.accept("s1");

        assertThat(served.call("GET", "/events", "Last-Event-ID", "s1").statusCode())
                .isEqualTo(400);
        for (String id : List.of("-1", "18446744073709551615")) {
            assertThat(served.call("GET", "/events", "Last-Event-ID", id).statusCode())
                    .as(id)
                    .isEqualTo(400);
        }
        try (Subscriber subscriber = new Subscriber("Last-Event-ID: 4711\r\n")) {
            served.accept("s2");
            assertThat(subscriber.next(1).get(0).path("id").asText()).isEqualTo("s2");
        }
    }

    @Test
    void moreSubscribersThanTheSettingAreToldToComeLater() throws Exception {
        serve(Duration.ofSeconds(1));
        try (Subscriber first = new Subscriber("")) {
            assertThat(first.head).contains("200 OK");
            try (Subscriber second = new Subscriber("")) {
                assertThat(second.head).contains("200 OK");
                var refused = served.call("GET", "/events");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(refused.body()).contains("too-many-subscribers");
            }
            // the place of one that went is free
            await().until(() -> {
                try (Subscriber third = new Subscriber("")) {
                    return third.head.contains("200 OK");
                }
            });
        }
    }

    @Test
    void aSubscriberThatDoesNotReadIsCutAndKeepsNobodyWaiting() throws IOException {
        serve(Duration.ofMillis(500));
        try (Socket deaf = new Socket();
                Subscriber other = new Subscriber("")) {
            deaf.setReceiveBufferSize(4_096);
            URI uri = URI.create(served.url());
            deaf.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
            deaf.getOutputStream().write(call("Last-Event-ID: 0\r\n").getBytes(StandardCharsets.US_ASCII));
            deaf.getInputStream().read();

            for (int page = 0; page < 60; page++) {
                int first = page * 1_000;
                served.accept(IntStream.range(first, first + 1_000)
                        .mapToObj(i -> "s" + i)
                        .toArray(String[]::new));
                assertThat(other.next(1_000)).hasSize(1_000);
            }

            deaf.setSoTimeout(20_000);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(streams()).isOne());
            served.accept("last");
            assertThat(other.next(1).get(0).path("id").asText()).isEqualTo("last");
        }
    }

    private int streams() {
        return stream.subscribers();
    }

    private EventStream stream;

    private void serve(Duration heartbeat) {
        served = new ServedLedger(home, ledger -> {
            stream = new EventStream(ledger.happenings(), 2, heartbeat);
            return stream::install;
        });
    }

    private static String call(String header) {
        return "GET /events HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n";
    }

    /** Reads the stream as it comes, from when it is admitted on. */
    private final class Subscriber implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;
        private final String head;
        private final List<String> lines = new ArrayList<>();

        Subscriber(String header) throws IOException {
            URI uri = URI.create(served.url());
            socket = new Socket(uri.getHost(), uri.getPort());
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(call(header).getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder read = new StringBuilder();
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                read.append(line).append('\n');
            }
            head = read.toString();
        }

        /** The next line of the stream: the sizes of chunks, and the line ends behind them, are left out. */
        String line() throws IOException {
            String line = in.readLine();
            if (line.matches("[0-9a-f]+")) {
                return line();
            }
            lines.add(line);
            return line;
        }

        List<JsonNode> next(int count) throws IOException {
            List<JsonNode> events = new ArrayList<>();
            String id = "";
            while (events.size() < count) {
                String line = line();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    JsonNode event = Json.parse(line.substring(6));
                    assertThat(event.path("number").asText()).isEqualTo(id);
                    events.add(event);
                }
            }
            return events;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
