package io.camelody.soak;

import io.camelody.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the batch runs: on a small disk that can be full, where the system has such disks, else in a folder.
 *
 * @param home as the batch sees it
 */
record Place(Path home, Optional<SmallDisk> disk) {

    static Place over(Path folder, int megabytes) throws IOException {
        try {
            return new Place(folder, Optional.of(SmallDisk.over(folder, megabytes)));
        } catch (RuntimeException e) {
            // what would skip a test that is about the disk
            System.out.println("The disk will never be full: " + e.getMessage());
            return new Place(folder, Optional.empty());
        }
    }

    /** As this process sees it. */
    Path outside() {
        return disk.map(small -> small.from(home)).orElse(home);
    }

    /** What runs a command where the home is. */
    List<String> command(List<String> command) {
        return disk.map(small -> small.inside(home, command)).orElse(command);
    }
}
