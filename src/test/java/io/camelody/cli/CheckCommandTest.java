package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

    @TempDir
    Path home;

    @Test
    void homeWithAKeyHasNothingBadAndStaysAsItWas() {
        Ran ran = check("camelody.foxai.api-key=secret");

        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("ok    key         foxai has one")
                .contains("warn  key         No key for sunomusic. Set SUNOMUSIC_API_KEY")
                .contains("routes/vendors/foxai.camel.yaml from the program")
                .contains("all load, and the vendors and sinks have those they need")
                .contains("none yet; the first batch makes")
                .contains("Nothing is bad; 2 warnings.")
                .doesNotContain("secret");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void homeWithoutAnyKeyIsBad() {
        Ran ran = check("camelody.foxai.api-key=");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).contains("bad   key         No key for foxai. Set ");
    }

    @Test
    void vendorThatIsNamedMustHaveAKey() {
        Ran ran = camelody(
                "check", "--home", home, "--vendor", "sunomusic", "--property", "camelody.foxai.api-key=secret");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out())
                .contains("bad   key         No key for sunomusic.")
                .doesNotContain("foxai has one");
    }

    @Test
    void unknownVendorIsBadUsage() {
        Ran ran = camelody("check", "--home", home, "--vendor", "foxy");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .isEqualTo("Expected --vendor to be one of foxai, senseaudio, sunomusic, got: \"foxy\".\n");
    }

    @Test
    void everyBadSettingIsAFinding() {
        Ran ran = check("camelody.foxai.timeout=6", "camelody.sinks=nowhere");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).contains("bad   settings    Expected camelody.foxai.timeout", "nowhere", "2 bad.");
    }

    @Test
    void settingThatNothingReadsIsAWarningThatNamesTheNearest() throws IOException {
        write("mine.camel.yaml", route("mine", "direct:{{camelody.mine.place}}"));

        Ran ran = check(
                "camelody.foxai.api-key=k",
                "camelody.foxai.timout=6m",
                "camelody.quite-something-else=1",
                "camelody.mine.place={{camelody.mine.town}}",
                "camelody.mine.town=here",
                "estate.own=1",
                "camel.main.name=x");

        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().filter(line -> line.contains("settings")))
                .containsExactly(
                        "ok    settings    all good",
                        "warn  settings    Nothing reads the setting camelody.foxai.timout; did you mean camelody.foxai.timeout?",
                        "warn  settings    Nothing reads the setting camelody.quite-something-else.");
    }

    @Test
    void settingOfAnEstateIsAWarningWhereItIsNotAsShipped() {
        Ran ran = check("camelody.foxai.api-key=k", "camelody.routes=vendors/foxia", "camelody.home=.");

        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().filter(line -> line.startsWith("warn  settings")))
                .containsExactly(
                        "warn  settings    The program does not read the setting camelody.routes; only an estate does.");
    }

    @Test
    void settingsOfANewVendorAreItsFilesToUse() throws IOException {
        write("vendors/mine.camel.yaml", route("camelody-mine-song-submit", "direct:{{camelody.mine.region}}"));

        Ran ran = check(
                "camelody.mine.api-key=k",
                "camelody.mine.can=prompt",
                "camelody.mine.region=eu",
                "camelody.mine.tmeout=1m");

        assertThat(ran.out())
                .contains("Nothing reads the setting camelody.mine.tmeout; did you mean camelody.mine.timeout?")
                .doesNotContain("camelody.mine.region", "the setting camelody.mine.can");
    }

    @Test
    void aClaimMustLastLongerThanACallOfAVendor() {
        assertThat(check("camelody.ledger.lease=20s").out())
                .contains("Expected camelody.ledger.lease to be a duration of at least 30s, got: \"20s\".");
    }

    @Test
    void apiAndBatchAreHeldAgainstWhatTheVendorTakes() {
        Ran ran = check("camelody.senseaudio.api=musik", "camelody.foxai.poll-batch=50");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out())
                .contains("Expected camelody.senseaudio.api to be one of song, music, got: \"musik\".")
                .contains("Expected camelody.foxai.poll-batch to be a whole number from 1 to 25, got: \"50\".");
    }

    @Test
    void addressMustBeAWebAddressAndShouldBeEncrypted() {
        Ran ran = check(
                "camelody.foxai.api-key=k",
                "camelody.foxai.base-url=ftp://x/y",
                "camelody.sunomusic.base-url=http://music.example",
                "camelody.senseaudio.base-url=http://127.0.0.1:4010");

        assertThat(ran.out())
                .contains(
                        "bad   address     Expected camelody.foxai.base-url to be an http or https URL, got: \"ftp://x/y\".")
                .contains("warn  address     camelody.sunomusic.base-url sends the key unencrypted")
                .contains("ok    address     senseaudio is at http://127.0.0.1:4010");
    }

    @Test
    void vendorWithoutARouteItNeedsIsBad() throws IOException {
        write("vendors/mine.camel.yaml", route("camelody-mine-song-submit", "direct:x"));

        Ran ran = check("camelody.mine.api-key=k", "camelody.mine.can=prompt, writeLyrics");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out())
                .contains("routes/vendors/mine.camel.yaml from the home")
                .contains(
                        "Expected routes/vendors/mine.camel.yaml to have a route camelody-mine-song-poll; there is none.")
                .contains("camelody-mine-errors", "camelody-mine-lyrics-submit", "camelody-mine-lyrics-poll")
                .doesNotContain("route camelody-mine-song-submit;")
                .contains("4 bad.");
    }

    @Test
    void anAccountHasItsVendorsRoutesAndAKeyOfItsOwn() {
        Ran ran = check(
                "camelody.foxai.api-key=k",
                "camelody.foxai-2.like=foxai",
                "camelody.foxai-3.like=foxai",
                "camelody.foxai-2.tmeout=1m",
                "camelody.foxai.timout=1m");

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(ran.out())
                .contains("No key for foxai-2. Set CAMELODY_FOXAI_2_API_KEY")
                .contains("foxai-2 is at https://api.foxaihub.com/api/v2")
                .contains("routes/vendors/foxai-3.camel.yaml from foxai")
                .contains("all load, and the vendors and sinks have those they need")
                .contains("Nothing reads the setting camelody.foxai-2.tmeout")
                .containsOnlyOnce("timout;")
                .doesNotContain("like");
    }

    @Test
    void anAccountsBrokenRouteIsNamedWithItsVendorsFile() throws IOException {
        Path file = write("vendors/mine.camel.yaml", route("camelody-mine-song-submit", "{{camelody.mine.no-such}}/x"));
        String[] settings = {"camelody.foxai.api-key=k", "camelody.mine.can=prompt", "camelody.mine-2.like=mine"};

        assertThat(check(settings).out()).contains("(file: %s, line: 2, route: camelody-mine".formatted(file));

        Files.writeString(file, "- route:\n    id: x\n  from: [\n");

        assertThat(check(settings).out()).contains("(file: %s, line: 4)".formatted(file));
    }

    @Test
    void routeFileThatIsNoYamlIsNamedWithItsLine() throws IOException {
        Path file = write("mine.camel.yaml", "- route:\n    id: x\n  from: [\n");

        assertThat(check("camelody.foxai.api-key=k").out())
                .contains("bad   routes      A route could not be loaded:", "(file: %s, line: 4)".formatted(file));
    }

    @Test
    void routeThatCamelCannotMakeIsNamedWithItsFileAndStep() throws IOException {
        Path file = write("mine.camel.yaml", route("mine", "{{no.such}}/x"));

        assertThat(check("camelody.foxai.api-key=k").out())
                .contains("A route could not be loaded: Nobody has set no.such. Set it; see the file's first lines."
                        + " (file: %s, line: 2, route: mine)".formatted(file));
    }

    @Test
    void askedBeforeSubmitsIsARouteThatIsThere() throws IOException {
        write("mine.camel.yaml", route("mine", "direct:x"));

        String setting = "camelody.work.before-submit=direct:";

        assertThat(check("camelody.foxai.api-key=k", setting + "nope").out())
                .contains("Expected camelody.work.before-submit to be where a loaded route begins, such as"
                        + " direct:camelody-moderation, got: \"direct:nope\".");
        assertThat(check("camelody.foxai.api-key=k", setting + "mine").code()).isZero();
    }

    @Test
    void routeThatStandsTwiceIsNamedWithBothFiles() throws IOException {
        Path file = write("mine.camel.yaml", route("camelody-foxai-errors", "direct:x"));

        assertThat(check("camelody.foxai.api-key=k").out())
                .contains("file: %s, line: 2".formatted(file), "camelody/routes/vendors/foxai.camel.yaml, line: ");
    }

    @Test
    void batchSaysOfABrokenRouteWhereItIs() throws IOException {
        Path file = write("mine.camel.yaml", route("mine", "nosuch:x"));
        Path requests = Files.writeString(home.resolve("song.txt"), "a song");

        Ran ran = camelody("batch", requests, "--sandbox", "--vendor", "foxai", "--home", home);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("nosuch", file.toString(), "line: 2").doesNotContain("\tat ");
    }

    @Test
    void ledgerThatIsThereShowsItsVersion() {
        new TestLedger(home).accepted("a");

        assertThat(check("camelody.foxai.api-key=k").out()).containsPattern("ok    ledger      .*, version 1");
    }

    @Test
    void ledgerThatIsNoneIsBad() throws IOException {
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data/ledger.db"), "this is no database, and long enough to be seen as none");

        Ran ran = check("camelody.foxai.api-key=k");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).contains("bad   ledger      The ledger could not be opened");
    }

    @Test
    void songsFolderThatIsAFileIsBad() throws IOException {
        Files.writeString(home.resolve("songs"), "");

        Ran ran = check("camelody.foxai.api-key=k");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).contains("bad   songs       Expected %s to be a folder".formatted(home.resolve("songs")));
    }

    private Ran check(String... properties) {
        List<Object> arguments = new ArrayList<>(List.of("check", "--home", home));
        for (String property : properties) {
            arguments.addAll(List.of("--property", property));
        }
        return camelody(arguments.toArray());
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve("routes").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String route(String id, String to) {
        return """
                - route:
                    id: %s
                    from:
                      uri: direct
                      parameters:
                        name: %s
                      steps:
                        - to:
                            uri: "%s"
                """
                .formatted(id, id, to);
    }
}
