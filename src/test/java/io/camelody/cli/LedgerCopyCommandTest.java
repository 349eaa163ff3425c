package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.LedgerSource;
import io.camelody.ledger.SongLedger;
import io.camelody.testkit.ChildJvm;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerCopyCommandTest {

    @TempDir
    Path home;

    private final String schema = PostgresServer.schema();

    private final Matcher url =
            Pattern.compile("(.*)[?]user=([a-z]+)(&password=([^&]+))?&(.*)").matcher(schema);

    private Ran copy(String... more) {
        return camelody((Object[]) command(more.length == 0 ? "--give-up=false" : more[0]));
    }

    private String[] command(String last) {
        assertThat(url.matches()).isTrue();
        return new String[] {
            "ledger",
            "copy",
            "--to",
            url.group(1) + "?" + url.group(5),
            "--home",
            home.toString(),
            "--property",
            "camelody.ledger.user=" + url.group(2),
            "--property",
            "camelody.ledger.password=" + (url.group(4) == null ? "s3cret-word" : url.group(4)),
            last
        };
    }

    @Test
    void ledgerIsMovedAndSaysWhatToDoNow() {
        new TestLedger(home).accepted("a", "b");

        Ran ran = copy();

        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("song 2", "event 2", "Now set camelody.ledger.url")
                .doesNotContain("s3cret-word");
        assertThat(copy().out()).startsWith("It was there already");
        assertThat(copy("--give-up").code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry a", "retry accepted-elsewhere", "cancel a", "resolve a --fail", "resume foxai"})
    void fileThatWasMovedIsSteeredNoMore(String command) {
        new TestLedger(home).accepted("a");
        copy();

        Ran ran = camelody((Object[]) (command + " --home " + home).split(" "));

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains("The ledger was moved to jdbc:postgresql:", "camelody ledger copy", "--give-up")
                .doesNotContain("s3cret-word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"songs", "songs --json", "show a", "cost"})
    void fileThatWasMovedIsLookedAtWithAWarning(String command) {
        new TestLedger(home).accepted("a");
        assertThat(camelody((Object[]) (command + " --home " + home).split(" ")).err())
                .isEmpty();
        copy();

        Ran ran = camelody((Object[]) (command + " --home " + home).split(" "));

        assertThat(ran.code()).isZero();
        assertThat(ran.err())
                .startsWith("The ledger was moved to jdbc:postgresql:")
                .contains("Set camelody.ledger.url")
                .doesNotContain("s3cret-word");
        assertThat(ran.out()).doesNotContain("was moved");
    }

    @Test
    void copyThatIsInterruptedSaysWhatStandsOfItAndWhatToDo() throws Exception {
        new TestLedger(home).accepted("a");
        SongLedger.openForWork(LedgerSource.of(schema)).close();
        Process child;
        try (Connection reader = DriverManager.getConnection(schema);
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            // which the copy waits for
            statement.execute("LOCK TABLE song IN ROW EXCLUSIVE MODE");
            child = ChildJvm.start(Camelody.class, command("--give-up=false"));
            await().atMost(Duration.ofSeconds(30)).until(() -> Sql.find(file(), "SELECT moved_to FROM ledger_version")
                    .isPresent());

            // which leaves what it prints to be read
            child.toHandle().destroy();

            assertThat(child.waitFor()).isEqualTo(130);
        }
        assertThat(new String(child.getInputStream().readAllBytes(), UTF_8))
                .contains(
                        "Stopping; the copy is there whole or not at all, and the file is as it was.",
                        "run the same command again",
                        "--give-up")
                .doesNotContain("batch");
        assertThat(copy().out()).contains("song 1");
    }

    private String file() {
        return "jdbc:sqlite:" + home.resolve("data/ledger.db");
    }

    @Test
    void homeWithoutALedgerHasNothingToMove() {
        Ran ran = copy();

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("There is no ledger");
    }

    @Test
    void passwordInTheUrlIsRefused() {
        Ran ran = camelody("ledger", "copy", "--to", "jdbc:postgresql://h/d?password=s3cret-word", "--home", home);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("camelody.ledger.password").doesNotContain("s3cret-word");
    }
}
