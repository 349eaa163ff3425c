package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewVendorCommandTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatItWritesPassesTheCheckOnceAKeyIsSet(boolean withLyrics) throws IOException {
        Ran made = withLyrics
                ? camelody("new", "vendor", "acme-2", "--home", home, "--with-lyrics")
                : camelody("new", "vendor", "acme-2", "--home", home);

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out())
                .startsWith("Wrote routes/vendors/acme-2.camel.yaml")
                .contains("Wrote config/application.properties", "export ACME_2_API_KEY=any");
        Ran checked =
                camelody("check", "--vendor", "acme-2", "--home", home, "--property", "camelody.acme-2.api-key=secret");
        assertThat(checked.code()).as(checked.out()).isZero();
        assertThat(checked.out())
                .contains("ok    contract    acme-2 keeps it: %d recorded calls".formatted(withLyrics ? 8 : 5))
                .contains("Nothing is bad.");
        List<String> lines = Files.readAllLines(home.resolve("routes/vendors/acme-2.camel.yaml"));
        assertThat(lines.stream().takeWhile(line -> line.startsWith("#"))).hasSizeLessThanOrEqualTo(5);
        assertThat(lines.stream().skip(5)).noneMatch(line -> line.strip().startsWith("#"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Acme",
                "a/b",
                "..",
                "-a",
                "a_b",
                "auto",
                "http",
                "work",
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddd"
            })
    void aNameThatCannotBeOneIsRefused(String name) {
        Ran ran = camelody("new", "vendor", "--home", home, "--", name);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("Expected a name of lower-case letters")
                .contains("got: \"" + name + "\"");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aNameThatIsTakenIsRefused() throws IOException {
        assertThat(camelody("new", "vendor", "foxai", "--home", home).err())
                .startsWith("There is a vendor foxai already: classpath:");
        assertThat(camelody("new", "vendor", "acme", "--home", home).code()).isZero();
        assertThat(camelody("new", "vendor", "acme", "--home", home).err())
                .startsWith("There is a vendor acme already: file:");
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path settings = write("config/application.properties", "camelody.default-vendor = foxai");
        Path sample = write("routes/vendors/acme.samples/poll-done.yaml", "mine");

        Ran ran = camelody("new", "vendor", "acme", "--home", home);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("There is a file " + sample, "Nothing was written.");
        assertThat(home.resolve("routes/vendors/acme.camel.yaml")).doesNotExist();
        Files.delete(sample);
        assertThat(camelody("new", "vendor", "acme", "--home", home).code()).isZero();
        assertThat(Files.readString(settings))
                .startsWith("camelody.default-vendor = foxai\n\n# ---- acme ----\ncamelody.acme.api-key");
    }

    @Test
    void settingsThatAreThereAreLeftAlone() throws IOException {
        Path settings = write("config/application.properties", "camelody.acme.price = 1\n");

        assertThat(camelody("new", "vendor", "acme", "--home", home).err())
                .contains("There are settings camelody.acme.* in " + settings);
        assertThat(home.resolve("routes")).doesNotExist();
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
