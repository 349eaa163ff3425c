package io.camelody.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestIdTest {

    private static final String JSON = "{\"prompt\":\"a\"}";

    /** These ids are in people's ledgers: another way to make them would buy their songs again. */
    @Test
    void theSameRequestOfTheSameFileHasTheSameIdForever() {
        assertThat(RequestId.derive("/music/Tango Night.jsonl", JSON, 1, "")).isEqualTo("tango-night-mwew6xb2lpzje");
    }

    @Test
    void fileContentOccurrenceAndSaltEachMakeAnotherId() {
        assertThat(new String[] {
                    RequestId.derive("/music/a.jsonl", JSON, 1, ""),
                    RequestId.derive("/other/a.jsonl", JSON, 1, ""),
                    RequestId.derive("/music/a.jsonl", "{}", 1, ""),
                    RequestId.derive("/music/a.jsonl", JSON, 2, ""),
                    RequestId.derive("/music/a.jsonl", JSON, 1, "again"),
                    RequestId.derive("/music/a.jsonl" + JSON, "", 1, "")
                })
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/Frühling.txt, fruhling-",
        "/a/Frühling.txt, fruhling-",
        "/a/夏天.json, song-",
        "C:\\songs\\tango.json, tango-",
        "/a/.hidden, hidden-",
        "/a/a.b.json, a-b-",
        "/a/--x--.json, x-",
        "/a/abcdefghijklmnopqrstuvw-xyz.json, abcdefghijklmnopqrstuvw-",
        "http, http-"
    })
    void theIdStartsWithTheFilesName(String source, String start) {
        String id = RequestId.derive(source, JSON, 1, "");

        assertThat(id).startsWith(start).hasSize(start.length() + 13).matches("[a-z0-9-]+-[a-z2-7]{13}");
    }
}
