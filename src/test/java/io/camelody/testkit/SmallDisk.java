package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A real disk of a few megabytes that a test can fill and make read-only: a tmpfs in namespaces of its own, mounted over a
 * folder. Only processes started {@link #inside} see it there; this one reaches the same files {@link #from outside}. It
 * needs no privileges, and is gone with the test's process. Not every system has such namespaces: the test is skipped there.
 */
public final class SmallDisk implements AutoCloseable {

    private static final byte[] PAGE = new byte[4096];

    private final Path folder;
    private final Process holder;
    private final Path filler;

    private SmallDisk(Path folder, Process holder) {
        this.folder = folder;
        this.holder = holder;
        this.filler = from(folder).resolve("filler");
    }

    /** @param folder that the disk is mounted over; it must be there, and what is in it is hidden from those inside */
    public static SmallDisk over(Path folder, int megabytes) throws IOException {
        Path place = folder.toRealPath();
        // it ends with its input, and so with this process, however that dies
        String hold = "mount -t tmpfs -o size=" + megabytes + "m camelody \"$0\" && echo mounted && exec cat";
        Process holder;
        try {
            holder = new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", hold, "" + place)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return abort("A small disk needs Linux and unshare: " + e.getMessage());
        }
        BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
        String first = said.readLine();
        if (!"mounted".equals(first)) {
            holder.destroyForcibly();
            return abort("A small disk needs user namespaces that anybody may make: " + first);
        }
        return new SmallDisk(place, holder);
    }

    /** The command that runs another one where the disk is, in a working directory. */
    public List<String> inside(Path directory, List<String> command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--target", "" + holder.pid()));
        all.addAll(List.of("--user", "--mount", "--preserve-credentials"));
        all.addAll(List.of(
                "sh",
                "-c",
                "cd \"$0\" && exec \"$@\"",
                directory.toAbsolutePath().toString()));
        all.addAll(command);
        return all;
    }

    /** Where this process finds what those inside find at a path. */
    public Path from(Path inside) {
        return Path.of("/proc/" + holder.pid() + "/root" + inside.toAbsolutePath());
    }

    /** Until {@link #makeRoom} nothing more can be written than what fits into the last pages of files. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(PAGE);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** @param bytes that stay free */
    public void fillBut(int bytes) throws IOException {
        fill();
        long size = Files.size(filler);
        try (var channel = Files.newByteChannel(filler, StandardOpenOption.WRITE)) {
            channel.truncate(Math.max(0, size - bytes));
        }
    }

    public void makeRoom() throws IOException {
        Files.deleteIfExists(filler);
    }

    /** Nobody may have a file open for writing on it. */
    public void makeReadOnly() throws IOException, InterruptedException {
        remount("ro");
    }

    public void makeWritable() throws IOException, InterruptedException {
        remount("rw");
    }

    private void remount(String how) throws IOException, InterruptedException {
        Process mount = new ProcessBuilder(inside(Path.of("/"), List.of("mount", "-o", "remount," + how, "" + folder)))
                .redirectErrorStream(true)
                .start();
        String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(mount.waitFor()).as(said).isZero();
    }

    /** The disk is gone with the last process inside. */
    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
