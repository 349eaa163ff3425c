package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.camelody.request.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Songs of an added vendor from a request file to the disk, with the sandbox playing what was recorded of it. */
class NewVendorSongsTest {

    @TempDir
    Path home;

    @Test
    void aVendorWithRecordedCallsMakesSongsInTheSandbox() throws IOException {
        assertThat(camelody("new", "vendor", "acme", "--home", home, "--with-lyrics")
                        .code())
                .isZero();
        Path requests = Files.writeString(
                home.resolve("songs.jsonl"),
                """
                {"id": "rain", "prompt": "a song about rain", "style": "jazz"}
                {"id": "snow", "lyrics": "[Verse] Snow", "title": "Snow"}
                {"id": "written", "writeLyrics": "a song about fog"}
                """);

        Ran ran = camelody("batch", requests, "--vendor", "acme", "--sandbox", "--home", home);

        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        try (Stream<Path> songs = Files.list(home.resolve("songs"))) {
            assertThat(songs.map(song -> song.getFileName().toString())).contains("rain", "snow", "written");
        }
        JsonNode song = Json.parse(Files.readString(home.resolve("songs/rain/song.json")));
        assertThat(song.path("vendor").asText()).isEqualTo("acme");
        assertThat(song.path("clips")).hasSize(1);
        assertThat(song.at("/clips/0/duration").asInt()).as("as recorded").isEqualTo(12);
        assertThat(song.at("/clips/0/url").asText()).doesNotContain("cdn.example");
        assertThat(home.resolve("songs/rain/" + song.at("/clips/0/file").asText()))
                .isNotEmptyFile();
    }

    @Test
    void aVendorWithoutRecordedCallsIsSaidToHaveNone() throws IOException {
        addVendorWithoutCalls();
        Path requests = Files.writeString(home.resolve("song.txt"), "a song about rain");

        Ran checked = camelody("check", "--vendor", "acme", "--home", home, "--property", "camelody.acme.api-key=k");

        assertThat(checked.code()).isZero();
        assertThat(checked.out()).contains("warn  contract    routes/vendors/acme.samples/ has no recorded calls");
        assertCannotPlay(camelody("batch", requests, "--vendor", "acme", "--sandbox", "--home", home));
        for (String setting : List.of("camelody.default-vendor=acme", "camelody.vendors=acme")) {
            assertCannotPlay(camelody("batch", requests, "--sandbox", "--home", home, "--property", setting));
            assertCannotPlay(camelody("run", "--sandbox", "--home", home, "--property", setting));
        }
        assertThat(home.resolve("songs")).doesNotExist();
    }

    @Test
    void whatTheSandboxCannotPlayIsNotCalledThere() throws IOException {
        addVendorWithoutCalls();
        AtomicInteger calls = new AtomicInteger();
        HttpServer real = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        real.createContext("/", call -> {
            calls.incrementAndGet();
            call.sendResponseHeaders(402, -1);
            call.close();
        });
        real.start();
        Path settings = home.resolve("config/application.properties");
        Files.writeString(
                settings,
                """

                camelody.acme.base-url = http://127.0.0.1:%d
                camelody.acme.api-key = of-the-real-one
                camelody.acme.price = 0
                camelody.acme-2.like = acme
                camelody.acme-2.api-key = of-the-real-one
                camelody.outgoing.allow = 127.0.0.1
                """
                        .formatted(real.getAddress().getPort()),
                StandardOpenOption.APPEND);
        Path requests = Files.writeString(
                home.resolve("songs.jsonl"),
                """
                {"id": "a", "vendor": "acme", "prompt": "one"}
                {"id": "b", "vendor": "acme-2", "prompt": "two"}
                {"id": "c", "vendor": ["acme", "foxai"], "prompt": "three"}
                {"id": "d", "vendor": "auto", "prompt": "four"}
                """);
        try {
            Ran ran = camelody("batch", requests, "--sandbox", "--home", home);

            assertThat(calls).as("paid calls").hasValue(0);
            assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(1);
            assertThat(ran.err())
                    .contains("The sandbox cannot play acme: routes/vendors/acme.samples/ lacks")
                    .contains("The sandbox cannot play acme-2: routes/vendors/acme.samples/ lacks");
            assertThat(home.resolve("songs/d/song.json")).exists();
        } finally {
            real.stop(0);
        }
    }

    private void addVendorWithoutCalls() throws IOException {
        assertThat(camelody("new", "vendor", "acme", "--home", home).code()).isZero();
        try (Stream<Path> samples = Files.list(home.resolve("routes/vendors/acme.samples"))) {
            for (Path sample : samples.toList()) {
                Files.delete(sample);
            }
        }
    }

    private static void assertCannotPlay(Ran ran) {
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains("The sandbox cannot play acme: routes/vendors/acme.samples/ lacks a recorded call");
    }
}
