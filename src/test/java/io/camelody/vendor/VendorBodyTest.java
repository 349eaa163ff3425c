package io.camelody.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.request.RequestRules;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import io.camelody.testkit.TestVendors;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VendorBodyTest {

    private static final VendorSettings ABLE = TestVendors.vendor("foxai");

    private static final VendorSettings PLAIN = TestVendors.vendor("foxai", "can=prompt,lyrics,style,instrumental");

    @Test
    void whatIsNotAVendorsToKnowIsNotSent() {
        SongRequest request = request("{'id': 's1', 'vendor': 'foxai', 'prompt': 'a tango', 'timeout': '6m',"
                + " 'sinks': ['file'], 'labels': {'customer': 'Ann'}, 'title': 'Tango'}");

        VendorBody body = VendorBody.ofSong(request, ABLE, Optional.empty());

        assertThat(body.json()).isEqualTo(json("{'prompt': 'a tango', 'title': 'Tango'}"));
        assertThat(body.notes()).isEmpty();
        assertThat(request.json().has("labels")).as("the request is as it was").isTrue();
    }

    @Test
    void theModelOfTheSettingsIsSentWhereTheRequestNamesNone() {
        VendorSettings vendor = TestVendors.vendor("foxai", "model=v4");

        assertThat(sent("{'prompt': 'a'}", vendor).path("model").textValue()).isEqualTo("v4");
        assertThat(sent("{'prompt': 'a', 'model': 'v5'}", vendor).path("model").textValue())
                .isEqualTo("v5");
    }

    @Test
    void aModelOfAnotherVendorIsLeftOutWhereTheRequestLeavesTheChoice() {
        VendorSettings suno = TestVendors.vendor("sunomusic", "models=chirp-v3-5, chirp-v4", "model=chirp-v4");

        VendorBody ofList = song("{'vendor': ['foxai', 'sunomusic'], 'model': 'v4.5-all', 'prompt': 'a'}", suno);
        VendorBody auto = song("{'vendor': 'auto', 'model': 'v4.5-all', 'prompt': 'a'}", suno);
        VendorBody known = song("{'vendor': 'auto', 'model': 'chirp-v3-5', 'prompt': 'a'}", suno);
        VendorBody alone = song("{'vendor': 'sunomusic', 'model': 'chirp-v5', 'prompt': 'a'}", suno);

        assertThat(ofList.json().path("model").textValue()).isEqualTo("chirp-v4");
        assertThat(ofList.notes()).containsExactly("The model v4.5-all was left out: sunomusic has no such thing.");
        assertThat(auto.json().path("model").textValue()).isEqualTo("chirp-v4");
        assertThat(known.json().path("model").textValue()).isEqualTo("chirp-v3-5");
        assertThat(alone.json().path("model").textValue()).isEqualTo("chirp-v5");
        assertThat(alone.notes()).isEmpty();
    }

    @Test
    void writtenLyricsAreSungInPlaceOfTheDescription() {
        Optional<ObjectNode> written = Optional.of(json("{'lyrics': 'la la', 'title': 'La'}"));

        assertThat(VendorBody.ofSong(request("{'prompt': 'rain'}"), ABLE, written)
                        .json())
                .isEqualTo(json("{'lyrics': 'la la', 'title': 'La'}"));
        assertThat(VendorBody.ofSong(
                                request("{'writeLyrics': 'rain', 'title': 'Mine', 'style': 'jazz'}"), ABLE, written)
                        .json())
                .isEqualTo(json("{'title': 'Mine', 'style': 'jazz', 'lyrics': 'la la'}"));
    }

    @Test
    void aVoiceIsFoldedIntoTheStyle() {
        VendorBody with = VendorBody.ofSong(
                request("{'prompt': 'a', 'style': 'jazz', 'vocalGender': 'female'}"), PLAIN, Optional.empty());
        VendorBody alone =
                VendorBody.ofSong(request("{'prompt': 'a', 'vocalGender': 'male'}"), PLAIN, Optional.empty());

        assertThat(with.json().path("style").textValue()).isEqualTo("jazz, female vocals");
        assertThat(with.json().has("vocalGender")).isFalse();
        assertThat(with.notes())
                .containsExactly("\"female vocals\" was folded into the style: foxai has no vocalGender.");
        assertThat(alone.json().path("style").textValue()).isEqualTo("male vocals");
    }

    @Test
    void hintsThatAVendorCannotTakeAreDroppedAndSaid() {
        VendorBody body = VendorBody.ofSong(
                request("{'prompt': 'a', 'negativeStyle': 'drums', 'styleWeight': 0.5, 'title': 'T'}"),
                PLAIN,
                Optional.empty());

        assertThat(body.json()).isEqualTo(json("{'prompt': 'a'}"));
        assertThat(body.notes())
                .containsExactly(
                        "negativeStyle was dropped: foxai has no such thing.",
                        "styleWeight was dropped: foxai has no such thing.",
                        "The title is kept for names and not sent: foxai has no such thing.");
    }

    @Test
    void aVendorWithoutStylesHasNoVoiceEither() {
        VendorSettings bare = TestVendors.vendor("foxai", "can=prompt");

        VendorBody body = VendorBody.ofSong(
                request("{'prompt': 'a', 'style': 'jazz', 'vocalGender': 'male'}"), bare, Optional.empty());

        assertThat(body.json()).isEqualTo(json("{'prompt': 'a'}"));
        assertThat(body.notes()).hasSize(2);
    }

    @Test
    void aDescriptionBesideItsOwnLyricsIsNotSent() {
        VendorBody body = VendorBody.ofSong(request("{'prompt': 'a', 'lyrics': 'la'}"), ABLE, Optional.empty());

        assertThat(body.json()).isEqualTo(json("{'lyrics': 'la'}"));
        assertThat(body.notes()).containsExactly("The prompt is not sent: the request brings its own lyrics.");
    }

    @Test
    void theLyricsStepIsSentTheDescriptionAlone() {
        assertThat(VendorBody.ofLyrics(request("{'prompt': 'rain', 'style': 'jazz', 'title': 'T'}")))
                .isEqualTo(json("{'prompt': 'rain', 'title': 'T'}"));
        assertThat(VendorBody.ofLyrics(request("{'writeLyrics': {'prompt': 'rain', 'vendor': 'senseaudio'}}")))
                .isEqualTo(json("{'prompt': 'rain'}"));
    }

    private static VendorBody song(String request, VendorSettings vendor) {
        return VendorBody.ofSong(request(request), vendor, Optional.empty());
    }

    private static JsonNode sent(String request, VendorSettings vendor) {
        return VendorBody.ofSong(request(request), vendor, Optional.empty()).json();
    }

    private static SongRequest request(String json) {
        return new RequestRules().check(json(json));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.parse(text.replace('\'', '"'));
    }
}
