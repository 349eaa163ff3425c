package io.camelody.intake;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Lets files of an inbox through that have stopped growing: their size and time are as they were two seconds before, or
 * nobody has written to them for a minute. Left alone are dot-files, {@code .part} and {@code .tmp}, and the inbox's own
 * {@code done} and {@code rejected}. Thread-safe.
 */
public final class SettledFiles implements GenericFileFilter<Object> {

    private static final Set<String> OWN = Set.of(InboxFolder.DONE, InboxFolder.REJECTED);

    private static final long STILL = Duration.ofSeconds(2).toMillis();
    private static final long OLD = Duration.ofMinutes(1).toMillis();
    private static final long FORGOTTEN = Duration.ofMinutes(10).toMillis();

    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    private final Clock clock;

    public SettledFiles(Clock clock) {
        this.clock = clock;
    }

    private record Look(long size, long time, long at) {}

    @Override
    public boolean accept(GenericFile<Object> file) {
        String name = file.getFileNameOnly();
        if (name.startsWith(".")) {
            return false;
        }
        Path within = Path.of(file.getEndpointPath()).relativize(Path.of(file.getAbsoluteFilePath()));
        if (file.isDirectory()) {
            return !(within.getNameCount() == 1 && OWN.contains(within.toString()));
        }
        return !name.endsWith(".part") && !name.endsWith(".tmp") && hasSettled(file);
    }

    private boolean hasSettled(GenericFile<Object> file) {
        long now = clock.millis();
        if (now - file.getLastModified() > OLD) {
            return true;
        }
        looks.values().removeIf(look -> now - look.at() > FORGOTTEN);
        Look look = new Look(file.getFileLength(), file.getLastModified(), now);
        Look before = looks.get(file.getAbsoluteFilePath());
        boolean same = before != null && before.size() == look.size() && before.time() == look.time();
        if (!same) {
            looks.put(file.getAbsoluteFilePath(), look);
        }
        return same && now - before.at() >= STILL;
    }
}
