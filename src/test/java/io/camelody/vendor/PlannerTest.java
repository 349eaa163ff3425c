package io.camelody.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.request.Json;
import io.camelody.request.RefusedRequestException;
import io.camelody.request.RequestRules;
import io.camelody.request.SongRequest;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.Planner.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Over vendors that can what the real ones can. */
final class PlannerTest {

    private static final String NO_KEY = "api-key=";

    private final Planner planner = planner(Map.of());

    @Test
    void theVendorOfTheRequestMakesTheSong() {
        assertThat(plan("{'vendor': 'foxai', 'prompt': 'a tango'}"))
                .isEqualTo(new Plan("foxai", Optional.empty(), List.of(), false));
    }

    @Test
    void thePreferredVendorMakesWhatNamesNone() {
        Plan plan = planner.plan(request("{'prompt': 'a tango'}"), Optional.of("sunomusic"));

        assertThat(plan.vendor()).isEqualTo("sunomusic");
    }

    @Test
    void theOnlyVendorWithAKeyMakesWhatNamesNone() {
        Planner one = planner(Map.of("senseaudio", List.of(NO_KEY), "sunomusic", List.of(NO_KEY)));

        assertThat(one.plan(request("{'prompt': 'a tango'}"), Optional.empty()).vendor())
                .isEqualTo("foxai");
    }

    @Test
    void amongSeveralVendorsOneMustBeNamed() {
        assertRefused(
                "{'prompt': 'a tango'}",
                "there are keys for foxai, senseaudio, sunomusic. Name one in the request, with --vendor, or as camelody.default-vendor.");
    }

    @Test
    void withoutAnyKeyBothWaysOutAreNamed() {
        Planner none =
                planner(Map.of("senseaudio", List.of(NO_KEY), "sunomusic", List.of(NO_KEY), "foxai", List.of(NO_KEY)));

        assertThatThrownBy(() -> none.plan(request("{'prompt': 'a tango'}"), Optional.empty()))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessageContaining("Set a key, or run with --sandbox.");
    }

    @Test
    void aVendorWithoutAKeyIsRefusedWithWhatToSet() {
        Planner keyless = planner(Map.of("foxai", List.of(NO_KEY)));

        assertThatThrownBy(() -> keyless.plan(request("{'vendor': 'foxai', 'prompt': 'a'}"), Optional.empty()))
                .hasMessage(
                        "No key for foxai. Set camelody.foxai.api-key, or run with --sandbox to try it without one.");
    }

    @Test
    void anUnknownVendorIsRefusedWithTheNearestOne() {
        assertRefused("{'vendor': 'foxia', 'prompt': 'a'}", "did you mean \"foxai\"?");
    }

    @Test
    void theFirstVendorOfAListThatCanMakesTheSong() {
        assertThat(plan("{'vendor': ['foxai', 'sunomusic'], 'extend': {'clipId': 'c1', 'at': 3}, 'prompt': 'a'}")
                        .vendor())
                .isEqualTo("sunomusic");
    }

    @Test
    void whatAVendorCannotDoIsRefusedWithOneThatCan() {
        assertRefused(
                "{'vendor': 'foxai', 'extend': {'clipId': 'c1', 'at': 3}, 'prompt': 'a'}",
                "foxai cannot extend a clip; sunomusic can.");
    }

    @Test
    void aDescriptionAtAVendorThatNeedsWordsHasThemWrittenFirst() {
        assertThat(plan("{'vendor': 'senseaudio', 'prompt': 'a tango'}").lyricsVendor())
                .contains("senseaudio");
        assertThat(plan("{'vendor': 'senseaudio', 'prompt': 'a tango', 'instrumental': true}")
                        .lyricsVendor())
                .isEmpty();
        assertThat(plan("{'vendor': 'senseaudio', 'lyrics': 'la'}").lyricsVendor())
                .isEmpty();
    }

    @Test
    void oneVendorsLyricsAreSungByAnother() {
        Plan plan = plan("{'vendor': 'foxai', 'writeLyrics': 'about rain'}");

        assertThat(plan.vendor()).isEqualTo("foxai");
        assertThat(plan.lyricsVendor()).contains("senseaudio");
        assertThat(plan("{'vendor': 'foxai', 'writeLyrics': {'prompt': 'rain', 'vendor': 'senseaudio'}}"))
                .isEqualTo(plan);
    }

    @Test
    void aWriterThatCannotWriteIsRefused() {
        assertRefused(
                "{'vendor': 'foxai', 'writeLyrics': {'prompt': 'rain', 'vendor': 'sunomusic'}}",
                "sunomusic cannot write lyrics; senseaudio can.");
        assertRefused("{'vendor': 'foxai', 'writeLyrics': {'prompt': 'rain', 'vendor': 'nobody'}}", "a known vendor");
    }

    @Test
    void writingIsRefusedWhereNobodyWithAKeyWrites() {
        Planner keyless = planner(Map.of("senseaudio", List.of(NO_KEY)));

        assertThatThrownBy(() ->
                        keyless.plan(request("{'vendor': 'foxai', 'writeLyrics': 'about rain'}"), Optional.empty()))
                .hasMessageContaining("there is no key for a vendor that does; senseaudio can");
    }

    @Test
    void writingBesideLyricsIsRefused() {
        assertRefused("{'vendor': 'foxai', 'writeLyrics': 'rain', 'lyrics': 'la'}", "nothing to write");
        assertRefused("{'vendor': 'foxai', 'writeLyrics': 'rain', 'instrumental': true}", "nothing to write");
    }

    @Test
    void anUnknownSinkIsRefused() {
        assertRefused("{'vendor': 'foxai', 'prompt': 'a', 'sinks': ['flie']}", "did you mean \"file\"?");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> plan("{'vendor': 'nobody', 'prompt': 'a', 'sinks': ['nowhere']}"))
                .hasMessageContaining("sinks")
                .hasMessageContaining("vendor");
    }

    private void assertRefused(String json, String words) {
        assertThatThrownBy(() -> plan(json))
                .isInstanceOf(RefusedRequestException.class)
                .hasMessageContaining(words);
    }

    private Plan plan(String json) {
        return planner.plan(request(json), Optional.empty());
    }

    private static Planner planner(Map<String, List<String>> settings) {
        Map<String, List<String>> all = new HashMap<>();
        Map.of(
                        "senseaudio",
                        "can=lyrics, title, style, negativeStyle, styleWeight, vocalGender, instrumental, writeLyrics",
                        "sunomusic",
                        "can=prompt, lyrics, title, style, instrumental, extend",
                        "foxai",
                        "can=prompt, lyrics, style, instrumental")
                .forEach((name, can) -> {
                    List<String> own = new ArrayList<>(settings.getOrDefault(name, List.of()));
                    own.add(can);
                    all.put(name, own);
                });
        return new Planner(TestVendors.vendors(all.keySet(), all), List.of("file"));
    }

    private static SongRequest request(String json) {
        return new RequestRules().check(Json.parse(json.replace('\'', '"')));
    }
}
