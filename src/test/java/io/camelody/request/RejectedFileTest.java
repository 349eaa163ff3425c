package io.camelody.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedFileTest {

    private static final List<Problem> PROBLEMS =
            List.of(Problem.of("id", "short", "\"long\""), Problem.of("b", "c", "d"));

    @TempDir
    Path home;

    private Path folder;
    private Path source;

    @BeforeEach
    void paths() {
        folder = home.resolve("rejected");
        source = home.resolve("in/tango.jsonl");
    }

    @Test
    void aRejectedLineIsWrittenWithItsPlaceItsReasonAndItself() throws IOException {
        try (RejectedFile rejected = new RejectedFile(folder, source)) {
            rejected.reject(4, "{\"promt\": \"ä\"}\ud800", PROBLEMS);
        }

        JsonNode line = Json.parse(Files.readString(folder.resolve("tango.jsonl.rejected.jsonl")));
        assertThat(Json.write(line))
                .isEqualTo(
                        """
                        {"file":"%s","line":4,"reason":"Expected id to be short, got: \\"long\\". Expected b to be c, got: d.",\
                        "problems":[{"field":"id","expected":"short","got":"\\"long\\"","message":"Expected id to be short, \
                        got: \\"long\\"."},{"field":"b","expected":"c","got":"d","message":"Expected b to be c, got: d."}],\
                        "request":"{\\"promt\\": \\"ä\\"}?"}"""
                                .formatted(source));
    }

    @Test
    void withoutARejectionThereIsNoFileAndNoFolder() throws IOException {
        RejectedFile rejected = new RejectedFile(folder, source);
        rejected.close();

        assertThat(rejected.path()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void theListAppearsWholeWhenTheReadingEnds() throws IOException {
        RejectedFile rejected = new RejectedFile(folder, source);
        rejected.reject(1, "a", PROBLEMS);
        assertThat(names()).containsExactly("tango.jsonl.rejected.jsonl.part");

        rejected.reject(2, "b", PROBLEMS);
        rejected.close();

        assertThat(names()).containsExactly("tango.jsonl.rejected.jsonl");
        assertThat(rejected.path()).contains(folder.resolve("tango.jsonl.rejected.jsonl"));
        assertThat(lines("tango.jsonl.rejected.jsonl")).containsExactly(1, 2);
    }

    @Test
    void theListIsThereAlthoughItsFolderWasDeletedMeanwhile() throws IOException {
        try (RejectedFile rejected = new RejectedFile(folder, source)) {
            rejected.reject(1, "a", PROBLEMS);
            Files.delete(folder.resolve("tango.jsonl.rejected.jsonl.part"));
            Files.delete(folder);
            rejected.reject(2, "b", PROBLEMS);
        }

        assertThat(names()).containsExactly("tango.jsonl.rejected.jsonl");
        assertThat(lines("tango.jsonl.rejected.jsonl")).containsExactly(1, 2);
    }

    @Test
    void readingTheSameFileAgainReplacesItsList() throws IOException {
        reject(source, 1, 2, 3);

        reject(source, 2);

        assertThat(names()).containsExactly("tango.jsonl.rejected.jsonl");
        assertThat(lines("tango.jsonl.rejected.jsonl")).containsExactly(2);
    }

    @Test
    void readingTheMendedFileRemovesItsList() throws IOException {
        reject(source, 1);

        reject(source);

        assertThat(names()).isEmpty();
    }

    @Test
    void whatAKilledReadingLeftIsReplaced() throws IOException {
        reject(source, 1);
        Files.move(folder.resolve("tango.jsonl.rejected.jsonl"), folder.resolve("tango.jsonl.rejected.jsonl.part"));

        reject(source, 2);

        assertThat(names()).containsExactly("tango.jsonl.rejected.jsonl");
        assertThat(lines("tango.jsonl.rejected.jsonl")).containsExactly(2);
    }

    @Test
    void filesOfTheSameNameFromOtherFoldersHaveListsOfTheirOwn() throws IOException {
        Path other = home.resolve("other/tango.jsonl");
        try (RejectedFile first = new RejectedFile(folder, source);
                RejectedFile second = new RejectedFile(folder, other)) {
            first.reject(1, "a", PROBLEMS);
            second.reject(2, "b", PROBLEMS);
        }
        assertThat(names())
                .hasSize(2)
                .contains("tango.jsonl.rejected.jsonl")
                .allMatch(name -> name.startsWith("tango.jsonl"));

        reject(other);
        assertThat(names()).containsExactly("tango.jsonl.rejected.jsonl");
        assertThat(lines("tango.jsonl.rejected.jsonl")).containsExactly(1);

        reject(other);
        assertThat(names()).as("the list of another file stays").hasSize(1);
    }

    private void reject(Path file, int... lines) throws IOException {
        try (RejectedFile rejected = new RejectedFile(folder, file)) {
            for (int line : lines) {
                rejected.reject(line, "raw", PROBLEMS);
            }
        }
    }

    private List<Integer> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream()
                .map(line -> Json.parse(line).get("line").intValue())
                .toList();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
