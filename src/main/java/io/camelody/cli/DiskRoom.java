package io.camelody.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The room on the disks of some folders, read every five seconds by a thread for each: a network folder that hangs holds
 * neither who asks nor the other folders. Thread-safe.
 */
final class DiskRoom implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private static final Duration KNOWN_FOR = Duration.ofSeconds(30);

    private record Reading(long bytes, long at) {}

    private final Map<String, Reading> latest = new ConcurrentHashMap<>();
    private final Map<String, Path> folders;
    private final ScheduledExecutorService rounds;

    DiskRoom(Map<String, Path> folders) {
        this(folders, DiskRoom::read);
    }

    /** @param read the bytes that are free for a folder; may take any time */
    DiskRoom(Map<String, Path> folders, ToLongFunction<Path> read) {
        this.folders = Map.copyOf(folders);
        this.rounds = Executors.newScheduledThreadPool(folders.size(), round -> {
            Thread thread = new Thread(round, "camelody-disk-room");
            thread.setDaemon(true);
            return thread;
        });
        folders.forEach((name, folder) -> rounds.scheduleWithFixedDelay(
                () -> latest.put(name, new Reading(read.applyAsLong(folder), System.nanoTime())),
                0,
                EVERY.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    /** The bytes that are free, by the names of the folders; none while a disk does not answer. Holds nobody. */
    Map<String, Supplier<OptionalLong>> free() {
        return folders.keySet().stream().collect(Collectors.toMap(name -> name, name -> () -> free(name)));
    }

    private OptionalLong free(String name) {
        Reading reading = latest.get(name);
        boolean isKnown = reading != null && System.nanoTime() - reading.at() < KNOWN_FOR.toNanos();
        return isKnown ? OptionalLong.of(reading.bytes()) : OptionalLong.empty();
    }

    /** Also where the folder is still to be made. */
    private static long read(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return there.toFile().getUsableSpace();
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
