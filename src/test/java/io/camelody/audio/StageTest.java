package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {

    @TempDir
    Path root;

    private Stage stage;
    private Stage.Place first;
    private Stage.Place second;

    @BeforeEach
    void twoSongsAreFetched() throws IOException {
        stage = new Stage(root);
        first = stage.open(song("first"));
        second = stage.open(song("second"));
        Files.writeString(first.folder().resolve("clip-1.mp3"), "the first song's");
    }

    @Test
    void folderOfAClearedSongGoesToTheNextOneWithoutItsClips() throws IOException {
        Object inode = inode(root.resolve("first"));

        stage.clear("first");
        Stage.Place third = stage.open(song("third"));

        assertThat(inode(root.resolve("third"))).isEqualTo(inode);
        assertThat(third.files()).isEmpty();
        assertThat(names(root.resolve("third"))).containsExactly(".of~third~2026-01-01T00.00.00Z");
        assertThat(names(root)).containsExactly("second", "third");
        assertThat(stage.open(song("third")).files())
                .as("what is there is the third's")
                .isNotEmpty();
    }

    @Test
    void asManyFoldersAreKeptAsPlacesWereOpenAtATime() throws IOException {
        first.close();
        stage.clear("first");
        stage.clear("second");
        assertThat(names(root)).as("spare folders").hasSize(2);

        second.close();

        assertThat(names(root)).isEmpty();
    }

    @Test
    void nothingIsKeptWhenNobodyIsAtWork() throws IOException {
        stage.clear("first");
        assertThat(names(root)).hasSize(2);

        first.close();
        second.close();
        stage.clear("second");

        assertThat(names(root)).isEmpty();
    }

    @Test
    void spareFolderThatSomebodyTookAwayIsNotMissed() throws IOException {
        stage.clear("first");
        new Stage(root).clear(names(root).get(1));
        assertThat(names(root)).containsExactly("second");

        stage.open(song("first"));

        assertThat(names(root)).containsExactly("first", "second");
    }

    @Test
    void clipsThatAPowerCutBroughtBackIntoAFolderAreNotTheNextSongs() throws IOException {
        first.close();
        second.close();
        Files.move(root.resolve("first"), root.resolve("third"));

        assertThat(new Stage(root).open(song("third")).files()).isEmpty();
        assertThat(names(root.resolve("third"))).containsExactly(".of~third~2026-01-01T00.00.00Z");
    }

    private static ObjectNode song(String id) {
        return Json.object().put("id", id).put("generatedAt", "2026-01-01T00:00:00Z");
    }

    private static Object inode(Path folder) throws IOException {
        return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
