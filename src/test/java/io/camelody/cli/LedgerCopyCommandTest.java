package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.PostgresServer;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerCopyCommandTest {

    @TempDir
    Path home;

    private final Matcher url =
            Pattern.compile("(.*)[?]user=([a-z]+)(&password=([^&]+))?&(.*)").matcher(PostgresServer.schema());

    private Ran copy(String... more) {
        assertThat(url.matches()).isTrue();
        return camelody(
                "ledger",
                "copy",
                "--to",
                url.group(1) + "?" + url.group(5),
                "--home",
                home,
                "--property",
                "camelody.ledger.user=" + url.group(2),
                "--property",
                "camelody.ledger.password=" + (url.group(4) == null ? "s3cret-word" : url.group(4)),
                more.length == 0 ? "--give-up=false" : more[0]);
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
        assertThat(camelody((Object[]) (command + " --home " + home).split(" ")).err()).isEmpty();
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
