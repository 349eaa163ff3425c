package io.camelody.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The requests that the README's first command sends, from {@code src/examples/requests}. */
class ExampleRequestsTest {

    private final List<ReadItem> items = TestFiles.read(Path.of("src/examples/requests"));

    @Test
    void everyExampleIsARequestWithItsVendorAndAnIdOfItsOwn() {
        List<SongRequest> songs = songs();

        assertThat(songs).hasSizeGreaterThanOrEqualTo(12);
        assertThat(songs).extracting(song -> song.id().orElseThrow()).doesNotHaveDuplicates();
        assertThat(songs).allSatisfy(song -> assertThat(song.id().orElseThrow())
                .startsWith(song.vendors().get(0) + "-"));
    }

    @Test
    void everyVendorAndModeHasAnExample() {
        assertThat(songs())
                .extracting(ExampleRequestsTest::mode)
                .contains(
                        "senseaudio prompt",
                        "senseaudio lyrics",
                        "senseaudio instrumental",
                        "sunomusic prompt",
                        "sunomusic lyrics",
                        "sunomusic prompt instrumental",
                        "sunomusic lyrics extend",
                        "foxai prompt",
                        "foxai lyrics",
                        "foxai instrumental",
                        "foxai writeLyrics");
    }

    @Test
    void noFileOfTheFolderIsSkipped() throws Exception {
        try (RequestReader reader = RequestReader.read(Path.of("src/examples/requests"))) {
            assertThat(reader.found().skipped()).isZero();
            assertThat(reader.found().files()).hasSize(3);
        }
    }

    private List<SongRequest> songs() {
        RequestRules rules = new RequestRules();
        return items.stream().map(item -> rules.check(item.json())).toList();
    }

    private static String mode(SongRequest song) {
        StringBuilder mode = new StringBuilder(song.vendors().get(0));
        for (String field : List.of("prompt", "lyrics", "writeLyrics", "extend")) {
            mode.append(song.has(field) ? " " + field : "");
        }
        return mode.append(song.instrumental() ? " instrumental" : "").toString();
    }
}
