package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderSinkTest {

    @TempDir
    private Path home;

    private FolderSink sink;

    @BeforeEach
    void fetched() throws IOException {
        Path stage = Files.createDirectories(home.resolve("data/audio/s1"));
        Files.writeString(stage.resolve("clip-1.mp3"), "one");
        Files.writeString(stage.resolve("clip-2.mp3"), "two");
        Files.writeString(stage.resolve("cover-1.jpg"), "cover");
        sink = new FolderSink(home.resolve("songs"), home.resolve("data/audio"));
    }

    @Test
    void aSongIsAFolderWithItsClipsCoversAndDocument() throws IOException {
        JsonNode places = sink.deliver(song());

        Path folder = home.resolve("songs/s1");
        assertThat(names(folder)).containsExactly("clip-1.mp3", "clip-2.mp3", "cover-1.jpg", "song.json");
        assertThat(folder.resolve("clip-2.mp3")).hasContent("two");
        assertThat(Json.parse(Files.readString(folder.resolve("song.json")))).isEqualTo(song());
        assertThat(places.toString())
                .isEqualTo("[\"%s\",\"%s\"]".formatted(folder.resolve("clip-1.mp3"), folder.resolve("clip-2.mp3")));
    }

    @Test
    void deliveringAgainLeavesTheSameFolder() throws IOException {
        sink.deliver(song());
        Files.delete(home.resolve("songs/s1/clip-2.mp3"));
        Files.writeString(home.resolve("songs/s1/clip-2.mp3"), "half");

        sink.deliver(song());

        assertThat(names(home.resolve("songs/s1")))
                .containsExactly("clip-1.mp3", "clip-2.mp3", "cover-1.jpg", "song.json");
        assertThat(home.resolve("songs/s1/clip-2.mp3")).hasContent("two");
    }

    @Test
    void aClipThatWasNotFetchedIsLeftOut() throws IOException {
        ObjectNode song = song();
        ((ObjectNode) song.at("/clips/0")).remove("file");

        JsonNode places = sink.deliver(song);

        assertThat(places).hasSize(1);
        assertThat(names(home.resolve("songs/s1"))).containsExactly("clip-2.mp3", "cover-1.jpg", "song.json");
    }

    @Test
    void aClipThatIsGoneLeavesNoDocument() throws IOException {
        Files.delete(home.resolve("data/audio/s1/clip-2.mp3"));

        assertThatThrownBy(() -> sink.deliver(song()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could not be put into a folder", "NoSuchFileException", "clip-2.mp3", "songs)");

        assertThat(home.resolve("songs/s1/song.json")).doesNotExist();
    }

    @Test
    void whatStandsIsNeverTakenAwayBeforeItsReplacementIsThere() throws IOException {
        sink.deliver(song());
        Files.delete(home.resolve("data/audio/s1/clip-1.mp3"));

        assertThatThrownBy(() -> sink.deliver(song())).isInstanceOf(IOException.class);

        assertThat(names(home.resolve("songs/s1")))
                .containsExactly("clip-1.mp3", "clip-2.mp3", "cover-1.jpg", "song.json");
    }

    @Test
    void ofTheClipsOfAnEarlierTaskNothingIsLeft() throws IOException {
        sink.deliver(song());
        Files.writeString(home.resolve("songs/s1/my notes.txt"), "kept");
        Files.writeString(home.resolve("songs/s1/clip-9.mp3"), "somebody's own");

        sink.deliver(madeAgain());

        assertThat(names(home.resolve("songs/s1")))
                .containsExactly("Tango.wav", "clip-2.mp3", "clip-9.mp3", "my notes.txt", "song.json");
    }

    @Test
    void whatADeliveryThatDiedHasLeftTheNextOneClears() throws IOException {
        sink.deliver(song());
        Path folder = home.resolve("songs/s1");
        Files.copy(folder.resolve("song.json"), folder.resolve("song.json.old"));
        Files.writeString(folder.resolve("song.json"), madeAgain().toString());

        sink.deliver(madeAgain());

        assertThat(names(folder)).containsExactly("Tango.wav", "clip-2.mp3", "song.json");
    }

    @Test
    void clipsThatAreDeliveredOnceMoreAfterADeliveryOfOthersDiedAreKept() throws IOException {
        sink.deliver(song());
        Path folder = home.resolve("songs/s1");
        Files.copy(folder.resolve("song.json"), folder.resolve("song.json.old"));
        Files.writeString(folder.resolve("song.json"), madeAgain().toString());

        sink.deliver(song());

        assertThat(names(folder)).containsExactly("clip-1.mp3", "clip-2.mp3", "cover-1.jpg", "song.json");
    }

    /** As a file system that ignores case, or how a letter is composed, would have it. */
    @Test
    void aFormerNameForTheSameFileIsLeftAlone() throws IOException {
        sink.deliver(song());
        Path folder = home.resolve("songs/s1");
        Files.move(home.resolve("data/audio/s1/clip-1.mp3"), home.resolve("data/audio/s1/CLIP-1.mp3"));
        Files.createSymbolicLink(folder.resolve("CLIP-1.mp3"), folder.resolve("clip-1.mp3"));
        ObjectNode renamed = (ObjectNode)
                Json.parse("{\"id\":\"s1\",\"clips\":[{\"file\":\"CLIP-1.mp3\"},{\"file\":\"clip-2.mp3\"}]}");

        sink.deliver(renamed);

        assertThat(folder.resolve("CLIP-1.mp3")).hasContent("one");
        assertThat(names(folder)).containsExactly("CLIP-1.mp3", "clip-1.mp3", "clip-2.mp3", "song.json");
    }

    @Test
    void aDocumentThatSomebodyEditedLeadsToNoOtherFolder() throws IOException {
        Path other = Files.writeString(home.resolve("songs.mp3"), "another's");
        sink.deliver(song());
        Files.writeString(home.resolve("songs/s1/song.json"), "{\"clips\":[{\"file\":\"../../songs.mp3\"}]}");

        sink.deliver(madeAgain());

        assertThat(other).exists();
    }

    private ObjectNode madeAgain() throws IOException {
        Files.writeString(home.resolve("data/audio/s1/Tango.wav"), "three");
        return (ObjectNode)
                Json.parse("{\"id\":\"s1\",\"clips\":[{\"file\":\"Tango.wav\"},{\"file\":\"clip-2.mp3\"}]}");
    }

    /** As a file system that ignores case would have it. */
    @Test
    void folderOfAnIdThatDiffersInCaseAloneIsLeftAlone() throws IOException {
        sink.deliver(song());
        Files.createSymbolicLink(home.resolve("songs/S1"), home.resolve("songs/s1"));

        assertThatThrownBy(() -> sink.deliver(song().put("id", "S1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("song s1", "--out");

        assertThat(home.resolve("songs/s1/song.json")).content().contains("\"s1\"");
    }

    @Test
    void folderThatSomebodyDeletedIsMadeAgain() throws IOException {
        sink.deliver(song());
        delete(home.resolve("songs/s1"));
        sink.deliver(song());
        delete(home.resolve("songs"));
        sink.deliver(song());

        assertThat(names(home.resolve("songs/s1")))
                .containsExactly("clip-1.mp3", "clip-2.mp3", "cover-1.jpg", "song.json");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static ObjectNode song() {
        return (ObjectNode) Json.parse("{\"id\":\"s1\",\"clips\":[{\"file\":\"clip-1.mp3\",\"image\":\"cover-1.jpg\"},"
                + "{\"file\":\"clip-2.mp3\"}]}");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
