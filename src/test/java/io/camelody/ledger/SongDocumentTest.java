package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.audio.BrokenDownloadException;
import io.camelody.request.Json;
import io.camelody.testkit.SongSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of a song's document; real ones are held against it where they are made. */
final class SongDocumentTest {

    private static final JsonNode SCHEMA = read("song");

    @Test
    void theSmallestSongHolds() {
        SongSchema.demand(SongSchema.song());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\": 2}",
                "{\"state\": \"lost\"}",
                "{\"reason\": \"bad luck\"}",
                "{\"price\": \"0.035\"}",
                "{\"acceptedAt\": \"yesterday\"}",
                "{\"another\": 1}",
                "{\"request\": {\"promt\": \"a\"}}",
                "{\"tasks\": [{\"step\": \"song\"}]}",
                "{\"clips\": [{\"file\": \"../clip-1.mp3\"}]}",
                "{\"clips\": [{\"sha256\": \"00\"}]}",
                "{\"clips\": [{\"audioURL\": \"x\"}]}"
            })
    void aSongThatIsNotSoIsRefused(String change) {
        ObjectNode song = SongSchema.song().setAll((ObjectNode) Json.parse(change));

        assertThatThrownBy(() -> SongSchema.demand(song)).isInstanceOf(AssertionError.class);
    }

    @Test
    void itsWordsAreThoseOfTheProgram() {
        assertThat(words("/properties/state/enum")).containsExactlyElementsOf(SongState.words());
        assertThat(words("/properties/reason/enum"))
                .containsExactlyElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::word).toList());
        assertThat(words("/$defs/clip/properties/errorKind/enum"))
                .containsExactlyElementsOf(Arrays.stream(BrokenDownloadException.Kind.values())
                        .map(Object::toString)
                        .toList());
        assertThat(words("/$defs/task/properties/outcome/enum"))
                .containsExactlyElementsOf(Arrays.stream(Task.Outcome.values())
                        .map(Task.Outcome::word)
                        .toList());
        assertThat(words("/$defs/sink/properties/state/enum"))
                .containsExactlyElementsOf(Arrays.stream(SinkDelivery.Progress.values())
                        .map(SinkDelivery.Progress::word)
                        .toList());
    }

    @Test
    void itHasTheSchemaOfRequestsInIt() {
        assertThat(SCHEMA.at("/$defs/request"))
                .as("copy request.schema.json to $defs/request of song.schema.json")
                .isEqualTo(read("request"));
    }

    @Test
    void everyMemberIsDescribed() {
        JsonNode own = SCHEMA.deepCopy();
        ((ObjectNode) own.get("$defs")).remove("request");
        List<String> without = new ArrayList<>();
        own.findValues("properties").forEach(members -> members.properties().forEach(member -> {
            if (!member.getValue().hasNonNull("description")) {
                without.add(member.getKey());
            }
        }));

        assertThat(without).isEmpty();
    }

    private static List<String> words(String pointer) {
        List<String> words = new ArrayList<>();
        SCHEMA.at(pointer).forEach(word -> words.add(word.textValue()));
        return words;
    }

    private static JsonNode read(String name) {
        try {
            return Json.parse(Files.readString(Path.of("src/main/resources/camelody/" + name + ".schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
