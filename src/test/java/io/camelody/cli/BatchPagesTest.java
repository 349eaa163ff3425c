package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.testkit.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchPagesTest {

    private static final String HOSTILE = "</h2><script>alert(1)</script>\"' onload=\"x &amp; \u202e";

    @TempDir
    private Path home;

    private Path folder;
    private SongLedger ledger;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectories(home.resolve("songs"));
        ledger = SongLedger.openForWork("jdbc:sqlite:" + home.resolve("data/ledger.db"), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void theClipsOfTheBatchAreOnThePageAndInTheList() throws IOException {
        delivered("s1", request("Caf\u00e9 #1? 100%"), folder.resolve("s1/Caf\u00e9 #1 100%-1.mp3"));

        assertThat(pages("b").write()).contains(folder.toAbsolutePath().resolve("index.html"));

        assertThat(folder.resolve("index.html"))
                .content()
                .contains(
                        "<a href=\"s1/Caf%C3%A9%20%231%20100%25-1.mp3\">MP3</a>", "src=\"s1/cover.png\"", ">One song<")
                .contains("<h2 dir=\"auto\">Caf\u00e9 #1? 100%</h2>", "waltz", "foxai · 3:07", "la la")
                .doesNotContain("{{");
        assertThat(folder.resolve("playlist.m3u8"))
                .hasContent(
                        "#EXTM3U\n#PLAYLIST:Camelody\n#EXTINF:187,Caf\u00e9 #1? 100%\ns1/Caf\u00e9 #1 100%-1.mp3\n");
        assertThat(names()).containsExactlyInAnyOrder("index.html", "playlist.m3u8");
    }

    @Test
    void whatVendorsAndRequestsSayIsText() throws IOException {
        ObjectNode request = Json.object();
        for (String field : List.of("title", "style", "lyrics", "model")) {
            request.put(field, HOSTILE + "\n" + field);
        }
        delivered("s1", request, folder.resolve("s1/\"><img src=x onerror=alert(1)>.mp3"));

        pages("b").write();

        String page = Files.readString(folder.resolve("index.html"));
        String songs = page.substring(page.indexOf("<ol"), page.indexOf("</ol>"));
        assertThat(songs).doesNotContain("<script", "<img src=x", "\" on");
        assertThat(songs.replaceAll("<[^>]*>", "")).doesNotContain("<", ">", "\"");
        assertThat(page).contains("script-src 'sha256-", "default-src 'none'");
        assertThat(Files.readAllLines(folder.resolve("playlist.m3u8"))).hasSize(4);
    }

    @Test
    void whatVendorsAndRequestsSayReadsAsItIsWritten() throws IOException {
        ObjectNode request =
                Json.object().put("title", "\u202egnp.exe \u2066\u05e9\u200f!").put("style", "\u202bwaltz");
        delivered("s1", request, folder.resolve("s1/clip-1.mp3"));

        pages("b").write();

        assertThat(folder.resolve("index.html"))
                .content()
                .contains("<h2 dir=\"auto\">gnp.exe \u05e9\u200f!</h2>", ">waltz<");
        assertThat(folder.resolve("playlist.m3u8")).content().contains("#EXTINF:187,gnp.exe \u05e9\u200f!\n");
    }

    @Test
    void aBatchThatHasNothingInAFolderLeavesThePageOfAnotherAlone() throws IOException {
        delivered("s1", request("One"), folder.resolve("s1/clip-1.mp3"));
        pages("b").write();

        assertThat(pages("another").write()).isEmpty();

        assertThat(folder.resolve("index.html")).content().contains("One");
        assertThat(names()).containsExactlyInAnyOrder("index.html", "playlist.m3u8");
    }

    @Test
    void somebodysOwnPageIsLeftAlone() throws IOException {
        delivered("s1", request("One"), folder.resolve("s1/clip-1.mp3"));
        Files.writeString(folder.resolve("index.html"), "<h1>my site</h1>");

        try (LogLines log = new LogLines()) {
            assertThat(pages("b").write()).isEmpty();

            assertThat(log.with("index.html is not Camelody's")).hasSize(1);
        }
        assertThat(folder.resolve("index.html")).hasContent("<h1>my site</h1>");
        assertThat(names()).containsExactly("index.html");
    }

    @Test
    void moreSongsThanOnePageOfTheLedgerAreThere() throws IOException {
        for (int i = 0; i < 51; i++) {
            delivered("s" + i, request("Song " + i), folder.resolve("s" + i + "/clip-1.mp3"));
        }

        pages("b").close();

        assertThat(Files.readAllLines(folder.resolve("playlist.m3u8"))).hasSize(2 + 2 * 51);
        assertThat(Files.readString(folder.resolve("index.html")).split("<li>", -1))
                .hasSize(52);
    }

    private BatchPages pages(String batch) {
        return new BatchPages(ledger.catalog(), batch, folder);
    }

    private static ObjectNode request(String title) {
        return Json.object().put("title", title).put("style", "waltz").put("lyrics", "la la");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void delivered(String id, ObjectNode request, Path file) {
        Optional<String> none = Optional.empty();
        NewSong song = new NewSong(id, "foxai", none, request, List.of(), false, false, none, Optional.of("b"));
        ledger.accept(List.of(song), false);
        Instant now = Instant.now();
        Claim intended = claim(SongState.ACCEPTED);
        ledger.make(new Change.Intended(intended, 1, 0, Optional.empty()));
        ledger.make(new Change.Submitted(intended, 1, List.of("t"), now, now.plusSeconds(360)));
        ArrayNode clips = Json.MAPPER.createArrayNode();
        clips.addObject()
                .put("file", file.getFileName().toString())
                .put("image", "cover.png")
                .put("seconds", 187.2)
                .putObject("places")
                .put("file", file.toAbsolutePath().toString());
        ledger.make(new Change.Generated(claim(SongState.SUBMITTED), List.of(), clips));
        ledger.make(new Change.Delivered(claim(SongState.GENERATED), clips, List.of()));
    }

    private Claim claim(SongState state) {
        return ledger.claims()
                .claimDue(state, "foxai", new Scope(false, Optional.empty()), 1, Duration.ofMinutes(5))
                .get(0)
                .claim();
    }
}
