package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.settings.BadSettingsException;
import io.camelody.settings.Settings;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileNamesTest {

    @Test
    void aNameIsMadeOfWhatTheSongSays() {
        String template = "{date} {batch} {vendor} {model} {style} {label.album} {id} {title}-{n}";

        assertThat(new FileNames(template).of(song()))
                .containsExactly(
                        "2026-11-20 tango foxai v4.5-all slow, sad Nights s1 First-1",
                        "2026-11-20 tango foxai v4.5-all slow, sad Nights s1 Second-2");
    }

    @Test
    void clipsWithoutANumberAreNumberedWhereThereAreSeveral() {
        ObjectNode one = song();
        one.withArray("clips").remove(1);

        assertThat(new FileNames("{vendor}").of(song())).containsExactly("foxai-1", "foxai-2");
        assertThat(new FileNames("{vendor}").of(one)).containsExactly("foxai");
    }

    @Test
    void namesThatDifferInCaseAloneAreMadeDifferent() {
        ObjectNode song = song();
        ((ObjectNode) song.at("/clips/0")).put("title", "1\u00c4");
        ((ObjectNode) song.at("/clips/1")).put("title", "\u00e4");
        song.withArray("clips").addObject().put("title", "x");

        // 11Ä, 2ä, and as number 11 of eleven clips
        assertThat(new FileNames("{title}").of(song)).doesNotHaveDuplicates();
        while (song.path("clips").size() < 11) {
            song.withArray("clips").addObject().put("title", "\u00e4");
        }
        assertThat(new FileNames("{n}{title}").of(song))
                .startsWith("11\u00c4", "2\u00e4")
                .endsWith("10\u00e4", "11\u00e4-2");
    }

    @Test
    void aLongTitleLeavesRoomForTheNumber() {
        ObjectNode song = song();
        ((ObjectNode) song.at("/clips/0")).put("title", "x".repeat(500));

        assertThat(new FileNames("{title}-{n}").of(song).get(0)).isEqualTo("x".repeat(80) + "-1");
    }

    @Test
    void fieldsLeadToNoOtherFolder() {
        ObjectNode song = song();
        ((ObjectNode) song.at("/clips/0")).put("title", "../../etc/x");

        assertThat(new FileNames("{title}").of(song).get(0)).isEqualTo("etc-x-1");
    }

    @Test
    void aSongWithoutATitleIsCalledByItsId() {
        ObjectNode song = (ObjectNode) Json.parse("{\"id\": \"s1\", \"clips\": [{}]}");

        assertThat(new FileNames("{title} {style} {label.x}").of(song)).containsExactly("s1");
    }

    @Test
    void aClipThatHasItsFileKeepsItsName() {
        ObjectNode song = song();
        ((ObjectNode) song.at("/clips/1")).put("file", "Old name.mp3").put("sha256", "00");
        ((ObjectNode) song.at("/clips/0")).put("file", "../evil.mp3").put("sha256", "00");

        assertThat(new FileNames("old name").of(song)).containsExactly("old name-1", "Old name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{titel}-{n}", "{label.}", "{}", "{title", "a}b", "{vendor}/{title}", "a\\b"})
    void aBadTemplateIsABadSetting(String template) {
        Settings settings = new Settings(
                name -> Optional.of(template).filter(value -> name.equals("camelody.songs.name")),
                UnaryOperator.identity());

        FileNames.read(settings);

        assertThatThrownBy(settings::demandGood)
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("camelody.songs.name");
    }

    private static ObjectNode song() {
        return (ObjectNode)
                Json.parse(
                        """
                {"id": "s1", "vendor": "foxai", "acceptedAt": "2026-11-20T10:00:00Z", "source": "requests/tango.jsonl:4",
                 "request": {"style": ["slow", "sad"], "labels": {"album": "Nights"}},
                 "clips": [{"title": "First", "model": "v4.5-all"}, {"title": "Second", "model": "v4.5-all"}]}
                """);
    }
}
