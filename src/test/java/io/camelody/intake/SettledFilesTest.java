package io.camelody.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import java.io.File;
import java.time.Duration;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettledFilesTest {

    private static final String INBOX = "/srv/inbox";

    private final SettableClock clock = new SettableClock();
    private final SettledFiles settled = new SettledFiles(clock);

    @Test
    void aFileIsTakenWhenItHasStoodStillForTwoSeconds() {
        GenericFile<Object> file = file("a.jsonl", 10);

        assertThat(settled.accept(file)).isFalse();
        clock.forward(Duration.ofMillis(1999));
        assertThat(settled.accept(file)).isFalse();
        clock.forward(Duration.ofMillis(1));
        assertThat(settled.accept(file)).isTrue();
    }

    @Test
    void aFileThatGrowsIsWaitedFor() {
        for (int size = 1; size < 20; size++) {
            assertThat(settled.accept(file("a.jsonl", size))).isFalse();
            clock.forward(Duration.ofSeconds(3));
        }
    }

    @Test
    void aFileThatIsWrittenOverIsWaitedFor() {
        for (int i = 0; i < 20; i++) {
            assertThat(settled.accept(file("a.jsonl", 10))).isFalse();
            clock.forward(Duration.ofSeconds(3));
        }
    }

    @Test
    void whatNobodyHasWrittenToForAMinuteIsTakenAtOnce() {
        GenericFile<Object> file = file("a.jsonl", 10);
        clock.forward(Duration.ofSeconds(61));

        assertThat(settled.accept(file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {".a.jsonl", "a.jsonl.part", "a.tmp"})
    void whatIsHiddenOrBeingWrittenIsLeftAlone(String name) {
        GenericFile<Object> file = file(name, 10);
        clock.forward(Duration.ofDays(1));

        assertThat(settled.accept(file)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"done, false", "rejected, false", ".git, false", "sub, true", "sub/done, true"})
    void theInboxesOwnFoldersAreLeftAlone(String name, boolean looksInto) {
        GenericFile<Object> folder = file(name, 0);
        folder.setDirectory(true);

        assertThat(settled.accept(folder)).isEqualTo(looksInto);
    }

    private GenericFile<Object> file(String name, long size) {
        GenericFile<Object> file = new GenericFile<>();
        file.setEndpointPath(INBOX);
        file.setAbsoluteFilePath(INBOX + "/" + name);
        file.setFileNameOnly(new File(name).getName());
        file.setFileLength(size);
        file.setLastModified(clock.millis());
        return file;
    }
}
