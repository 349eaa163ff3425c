package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.testkit.ChildJvm;
import io.camelody.testkit.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can have happened to the file since the last run. */
class LedgerFileTest {

    private static final int SONGS = 300;

    private static final int PAGE = 4096;

    @TempDir
    private Path home;

    private Path file;

    @BeforeEach
    void aLedgerOfSomePages() {
        file = home.resolve("ledger.db");
        try (SongLedger ledger = open()) {
            ledger.accept(
                    IntStream.range(0, SONGS)
                            .mapToObj(i -> SongLedgerContract.request("s" + i))
                            .toList(),
                    false);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99999})
    void cutShortItIsDamaged(double share) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate((long) (share * channel.size()));
        }

        assertThatItIsDamagedAndLeftAsItIs();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 100, PAGE, 3 * PAGE, 20 * PAGE})
    void garbageFromSomewhereOnIsDamage(int from) throws IOException {
        overwrite(from, (int) Files.size(file) - from);

        assertThatItIsDamagedAndLeftAsItIs();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 15})
    void onePageOfGarbageIsDamage(int page) throws IOException {
        overwrite(page * PAGE, PAGE);

        assertThatItIsDamagedAndLeftAsItIs();
    }

    @Test
    void garbageIsFoundBeforeTheLastChangesAreMovedIntoIt() throws IOException {
        Path copy = home.resolve("copy.db");
        try (SongLedger ledger = open()) {
            ledger.pauses().lift("nobody", false);
            ledger.generations().raise(List.of("requests.jsonl"));
            Files.copy(file, copy);
            Files.copy(home.resolve("ledger.db-wal"), home.resolve("copy.db-wal"));
        }
        file = copy;
        overwrite(5 * PAGE, PAGE);

        assertThatItIsDamagedAndLeftAsItIs();
        assertThat(home.resolve("copy.db-wal")).isNotEmptyFile();
    }

    @Test
    void fileOfAnotherKindIsNoLedger() throws IOException {
        Files.writeString(file, "This is not a database. ".repeat(1000));

        assertThatItIsDamagedAndLeftAsItIs();
    }

    @Test
    void databaseOfSomethingElseIsLeftAsItIs() throws IOException, SQLException {
        Files.delete(file);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE recipe (name TEXT)");
        }

        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("not a Camelody ledger")
                .hasMessageContaining("camelody.ledger.url")
                .hasMessageContaining(file.toString());
    }

    @Test
    void folderIsNoLedger() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);

        assertThatThrownBy(this::open).isInstanceOf(LedgerException.class).hasMessageContaining("got a folder");
        assertThatThrownBy(this::look).isInstanceOf(LedgerException.class).hasMessageContaining("got a folder");
    }

    @Test
    void linkToADiskThatIsNotMountedBeginsNoNewLedger() throws IOException {
        Files.delete(file);
        Files.createSymbolicLink(file, home.resolve("disk/ledger.db"));

        assertThatThrownBy(this::open).isInstanceOf(LedgerException.class).hasMessageContaining("link");
        assertThat(file).isSymbolicLink();
        assertThat(home.resolve("disk")).doesNotExist();
    }

    @Test
    void lastChangesWithoutTheirLedgerAreDamage() throws IOException {
        byte[] wal;
        try (SongLedger ledger = open()) {
            ledger.generations().raise(List.of("requests.jsonl"));
            wal = Files.readAllBytes(home.resolve("ledger.db-wal"));
        }
        Files.delete(file);
        Files.write(home.resolve("ledger.db-wal"), wal);

        assertThatThrownBy(this::open).isInstanceOf(LedgerException.class).hasMessageContaining("ledger.db-wal");
        assertThatThrownBy(this::look).isInstanceOf(LedgerException.class).hasMessageContaining("ledger.db-wal");
        assertThat(file).doesNotExist();
        assertThat(home.resolve("ledger.db-wal")).hasBinaryContent(wal);
    }

    @Test
    void whatIsLeftOfALedgerThatWasNotFinishedIsNoLedger() throws IOException {
        Files.move(file, home.resolve("ledger.db.new"));
        overwrite(home.resolve("ledger.db.new"), 0, 10 * PAGE);
        Files.writeString(home.resolve("ledger.db.new-wal"), "garbage");

        try (SongLedger ledger = open()) {
            assertThat(ledger.catalog().find("s1")).isEmpty();
        }
        assertThat(file).isNotEmptyFile();
        assertThat(home.resolve("ledger.db.new")).doesNotExist();
    }

    @Test
    void ledgerOnAReadOnlyDiskSaysSo() throws Exception {
        Path folder = Files.createDirectory(home.resolve("disk"));
        try (SmallDisk disk = SmallDisk.over(folder, 4)) {
            Files.copy(file, disk.from(folder).resolve("ledger.db"));
            disk.makeReadOnly();

            ChildJvm.Ended work =
                    ChildJvm.runOn(disk, LedgerChild.class, "jdbc:sqlite:" + folder + "/ledger.db", "work");
            ChildJvm.Ended look =
                    ChildJvm.runOn(disk, LedgerChild.class, "jdbc:sqlite:" + folder + "/ledger.db", "look", "s1");

            assertThat(work.output()).contains("Read-only file system", "Let this user write", folder + "/ledger.db");
            assertThat(look.output()).contains("read-only", "Let this user write", folder + "/ledger.db");
        }
    }

    @Test
    void ledgerThatIsLinkedIsTheSameLedger() throws IOException {
        Path link = Files.createSymbolicLink(
                Files.createDirectory(home.resolve("linked")).resolve("other.db"), file);

        try (SongLedger ledger = open()) {
            assertThatThrownBy(() -> SongLedger.openForWork("jdbc:sqlite:" + link, Clock.systemUTC()))
                    .isInstanceOf(LedgerBusyException.class);
            assertThat(ledger.catalog().find("s1")).isPresent();
        }

        SongLedger.openForWork("jdbc:sqlite:" + link, Clock.systemUTC()).close();
    }

    @Test
    void lastChangesOfALedgerThatIsLinkedLieBesideIt() throws IOException {
        Path link = Files.createSymbolicLink(
                Files.createDirectory(home.resolve("linked")).resolve("copy.db"), home.resolve("copy.db"));
        try (SongLedger ledger = open()) {
            ledger.generations().raise(List.of("requests.jsonl"));
            Files.copy(file, home.resolve("copy.db"));
            Files.copy(home.resolve("ledger.db-wal"), home.resolve("copy.db-wal"));
        }
        Files.write(home.resolve("copy.db"), new byte[7], StandardOpenOption.APPEND);

        SongLedger.openForWork("jdbc:sqlite:" + link, Clock.systemUTC()).close();

        assertThat(home.resolve("linked/copy.db-wal")).doesNotExist();
    }

    private void assertThatItIsDamagedAndLeftAsItIs() throws IOException {
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerException.class)
                .isNotInstanceOf(LedgerBusyException.class)
                .hasMessageContaining("left as it is")
                .hasMessageContaining("backup")
                .hasMessageContaining("sqlite3 " + file + " .recover")
                .hasMessageContaining("(ledger: " + file + ")");

        assertThat(file).hasBinaryContent(before);
    }

    private SongLedger open() {
        return SongLedger.openForWork("jdbc:sqlite:" + file, Clock.systemUTC());
    }

    private void look() {
        SongLedger.openBeside("jdbc:sqlite:" + file, Clock.systemUTC()).close();
    }

    private void overwrite(int from, int bytes) throws IOException {
        overwrite(file, from, bytes);
    }

    private static void overwrite(Path file, int from, int bytes) throws IOException {
        byte[] garbage = new byte[bytes];
        new Random(1).nextBytes(garbage);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(garbage), from);
        }
    }
}
