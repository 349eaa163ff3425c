package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DiskRoomTest {

    @TempDir
    private Path home;

    @Test
    void aFolderThatIsStillToBeMadeHasTheRoomOfTheDiskItWillBeOn() {
        try (DiskRoom disks = new DiskRoom(Map.of("songs", home.resolve("not/there/yet")))) {
            await().until(() -> disks.free().get("songs").get().isPresent());
            assertThat(disks.free().get("songs").get().getAsLong()).isPositive();
        }
    }

    @Test
    void aDiskThatHangsHoldsNeitherWhoAsksNorTheOthers() {
        CountDownLatch hung = new CountDownLatch(1);
        Map<String, Path> folders = Map.of("songs", home.resolve("songs"), "data", home.resolve("data"));
        try (DiskRoom disks = new DiskRoom(folders, folder -> {
            if (folder.endsWith("songs")) {
                hang(hung);
            }
            return 7;
        })) {
            await().until(() -> disks.free().get("data").get().isPresent());

            assertThat(disks.free().get("songs").get()).isEmpty();
            assertThat(disks.free().get("data").get()).hasValue(7);
        } finally {
            hung.countDown();
        }
    }

    private static void hang(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
