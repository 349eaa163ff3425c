package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallDiskTest {

    @TempDir
    private Path folder;

    @Test
    void thoseInsideWriteUntilItIsFullAndAgainWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.over(folder, 1)) {
            assertThat(write(disk, "a")).isEmpty();
            assertThat(disk.from(folder).resolve("a")).hasContent("a\n");

            disk.fill();
            assertThat(write(disk, "b")).contains("No space left");

            disk.fillBut(8_192);
            assertThat(write(disk, "b")).isEmpty();

            disk.fill();
            disk.makeRoom();
            assertThat(write(disk, "c")).isEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void itIsReadOnlyForAsLongAsATestWants() throws Exception {
        try (SmallDisk disk = SmallDisk.over(folder, 1)) {
            disk.makeReadOnly();
            assertThat(write(disk, "a")).contains("Read-only file system");

            disk.makeWritable();
            assertThat(write(disk, "a")).isEmpty();
        }
    }

    @Test
    void filesBesideItAreTheSameInsideAndOutside() throws Exception {
        Path beside = Files.createDirectory(folder.resolve("beside"));
        Path small = Files.createDirectory(folder.resolve("small"));

        try (SmallDisk disk = SmallDisk.over(small, 1)) {
            assertThat(run(disk, beside, "echo a > a")).isEmpty();
        }

        assertThat(beside.resolve("a")).hasContent("a\n");
    }

    private String write(SmallDisk disk, String name) throws IOException, InterruptedException {
        return run(disk, folder, "echo " + name + " | cat > " + name);
    }

    /** @return what it complained of */
    private static String run(SmallDisk disk, Path directory, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(disk.inside(directory, List.of("sh", "-c", script)))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
