package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vendors of {@code src/examples/vendors} in a home, as somebody puts them there. */
class ExampleVendorsTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"sunoapi", "newapi"})
    void eachKeepsTheContract(String vendor) throws IOException {
        ExampleVendor.copy(vendor, home);

        Ran ran = camelody(
                "check", "--vendor", vendor, "--home", home, "--property", "camelody." + vendor + ".api-key=k");

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(ran.out()).contains(vendor + " keeps it", "Nothing is bad.");
    }

    @Test
    void anAccountKeepsItToo() throws IOException {
        ExampleVendor.copy("sunoapi", home);

        Ran ran = camelody(
                "check",
                "--vendor",
                "sunoapi-2",
                "--home",
                home,
                "--property",
                "camelody.sunoapi-2.like=sunoapi",
                "--property",
                "camelody.sunoapi-2.api-key=k");

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("sunoapi-2 keeps it", "Nothing is bad.").doesNotContain("Nothing reads");
    }

    @Test
    void theSandboxPlaysThemAndTheirAccounts() throws IOException {
        ExampleVendor.copy("sunoapi", home);
        ExampleVendor.copy("newapi", home);
        Path requests = Files.writeString(
                home.resolve("songs.jsonl"),
                """
                {"vendor": "sunoapi", "writeLyrics": {"prompt": "a ferry", "vendor": "sunoapi"}}
                {"vendor": "newapi", "prompt": "a ferry"}
                {"vendor": "newapi-2", "prompt": "a ferry"}
                """);

        Ran ran =
                camelody("batch", requests, "--home", home, "--sandbox", "--property", "camelody.newapi-2.like=newapi");

        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).containsPattern("delivered +3");
    }
}
