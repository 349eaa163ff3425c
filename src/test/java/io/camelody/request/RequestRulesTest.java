package io.camelody.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    private static final RequestRules RULES = new RequestRules();

    @Test
    void everyCanonicalFieldIsTakenAsItIs() {
        String request =
                """
                {"id":"a.b_c-1","vendor":["foxai","sunomusic"],"model":"chirp-v4","prompt":"p","lyrics":"l",\
                "writeLyrics":{"prompt":"w","vendor":"senseaudio"},"title":"t","style":"s","negativeStyle":"n",\
                "styleWeight":0.5,"instrumental":true,"vocalGender":"female","extend":{"clipId":"c","at":1.5},\
                "timeout":"1h30m","sinks":["file","s3"],"webhook":"https://example.com/x?y=z",\
                "labels":{"any":[1,null,{"thing":true}]}}""";

        SongRequest song = RULES.check(Json.parse(request));

        assertThat(Json.write(song.json())).isEqualTo(request);
        assertThat(song.vendors()).containsExactly("foxai", "sunomusic");
        assertThat(song.timeout()).contains(Duration.ofMinutes(90));
        assertThat(song.writeLyrics().orElseThrow().vendor()).contains("senseaudio");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"topic":"a"}                                       | {"prompt":"a"}
                    {"gpt_description_prompt":"a"}                      | {"prompt":"a"}
                    {"lyrics":"a","tags":"b"}                           | {"lyrics":"a","style":"b"}
                    {"lyrics":"a","tags":["b"," c "]}                   | {"lyrics":"a","style":"b, c"}
                    {"lyrics":"a","negative_tags":"b"}                  | {"lyrics":"a","negativeStyle":"b"}
                    {"lyrics":"a","negative_style":["b","c"]}           | {"lyrics":"a","negativeStyle":"b, c"}
                    {"lyrics":"a","style_weight":"0.5"}                 | {"lyrics":"a","styleWeight":0.5}
                    {"lyrics":"a","style_weight":0.5}                   | {"lyrics":"a","styleWeight":0.5}
                    {"lyrics":"a","vocal_gender":"f"}                   | {"lyrics":"a","vocalGender":"female"}
                    {"lyrics":"a","vocal_gender":"m"}                   | {"lyrics":"a","vocalGender":"male"}
                    {"lyrics":"a","vocal_gender":"male"}                | {"lyrics":"a","vocalGender":"male"}
                    {"write_lyrics":"a"}                                | {"writeLyrics":"a"}
                    {"topic":"a","is_instrumental":true}                | {"prompt":"a","instrumental":true}
                    {"topic":"a","make_instrumental":false}             | {"prompt":"a","instrumental":false}
                    {"continue_at":60,"continue_clip_id":"c"}           | {"extend":{"clipId":"c","at":60}}
                    {"extend":{"clip_id":"c","at":60}}                  | {"extend":{"clipId":"c","at":60}}
                    {"prompt":"a","title":null,"tags":null,"style":"b"} | {"prompt":"a","style":"b"}
                    {"writeLyrics":{"prompt":"a","vendor":null}}        | {"writeLyrics":{"prompt":"a"}}
                    {"style":"a","instrumental":true}                   | {"style":"a","instrumental":true}
                    {"title":"b","prompt":"a"}                          | {"prompt":"a","title":"b"}
                    """)
    void otherNamesAndSpellingsBecomeTheCanonicalOnes(String given, String canonical) {
        JsonNode raw = Json.parse(given);

        SongRequest song = RULES.check(raw);

        assertThat(Json.write(song.json())).isEqualTo(canonical);
        assertThat(raw).as("what was handed in").isEqualTo(Json.parse(given));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"promt":"a"}                        | Unknown field "promt"; did you mean "prompt"?
                    {"prompt":"a","sytle":"b"}           | Unknown field "sytle"; did you mean "style"?
                    {"prompt":"a","StyleWeight":1}       | Unknown field "StyleWeight"; did you mean "styleWeight"?
                    {"prompt":"a","favouriteColour":1}   | Unknown field "favouriteColour".
                    {"extend":{"clip":"c","clipId":"c","at":1}} | Unknown field "extend.clip"; did you mean "extend.clipId"?
                    {"extend":{"clipID":"c","clipId":"c","at":1}} | Unknown field "extend.clipID"; did you mean "extend.clipId"?
                    {"prompt":"a","styleWeight":3}       | Expected styleWeight to be a number from 0 to 1, got: 3.
                    {"prompt":"a","styleWeight":"0.5"}   | Expected styleWeight to be a number from 0 to 1, got: "0.5".
                    {"prompt":"a","style_weight":"much"} | Expected style_weight to be a number from 0 to 1, got: "much".
                    {"prompt":"a","style_weight":"1.5"}  | Expected style_weight to be a number from 0 to 1, got: 1.5.
                    {"prompt":"a","styleWeight":1e400}   | Expected styleWeight to be a number from 0 to 1, got: Infinity.
                    {"prompt":"a","vocalGender":"f"}     | Expected vocalGender to be "female" or "male", got: "f".
                    {"prompt":"a","instrumental":"yes"}  | Expected instrumental to be true or false, got: "yes".
                    {"prompt":"a","tags":7}              | Expected tags to be text of at most 1000 characters, not blank, or a list of such texts, got: 7.
                    {"prompt":"a","timeout":"soon"}      | Expected timeout to be a duration such as "6m", "90s" or "1h30m", got: "soon".
                    {"prompt":"a","timeout":"0s"}        | Expected timeout to be a duration such as "6m", "90s" or "1h30m", got: "0s".
                    {"prompt":"a","timeout":360}         | Expected timeout to be a duration such as "6m", "90s" or "1h30m", got: 360.
                    {"prompt":"a","webhook":"ftp://x"}   | Expected webhook to be an http or https URL of at most 2000 characters, got: "ftp://x".
                    {"prompt":"a","sinks":"file"}        | Expected sinks to be a list of different names of sinks, got: "file".
                    {"prompt":"a","sinks":["file",1]}    | Expected sinks[1] to be a sink's name, got: 1.
                    {"prompt":"a","vendor":[]}           | Expected vendor to be a vendor's name, or a list of different names, got: [].
                    {"prompt":"a","labels":"x"}          | Expected labels to be an object, got: "x".
                    {"extend":{"clipId":"c"}}            | Expected extend.at to be a number of seconds from 0 to 86400, got: nothing.
                    {"extend":{"clipId":"c","at":-1}}    | Expected extend.at to be a number of seconds from 0 to 86400, got: -1.
                    {"continue_clip_id":"c"}             | Expected continue_at to be a number of seconds from 0 to 86400, got: nothing.
                    {"writeLyrics":{"vendor":"foxai"}}   | Expected writeLyrics.prompt to be text of at most 10000 characters, not blank, got: nothing.
                    {"writeLyrics":["a"]}                | Expected writeLyrics to be text of at most 10000 characters, not blank, or an object with prompt and vendor, got: ["a"].
                    {"prompt":" \\n"}                    | Expected prompt to be text of at most 10000 characters, not blank, got: " \\n".
                    {"lyrics":""}                        | Expected lyrics to be text of at most 20000 characters, not blank, got: "".
                    {"prompt":"a","callback_url":"http://x"} | Unknown field "callback_url". Camelody gives the vendor its own callback address; to be told of a finished song, use "webhook".
                    {"prompt":"a","topic":"b"}           | Expected prompt to be given once, got: "prompt" and "topic". Leave one of them out.
                    {"prompt":"a","tags":"b","style":"c"} | Expected style to be given once, got: "tags" and "style". Leave one of them out.
                    {"continue_clip_id":"c","extend":{"clipId":"c","at":1}} | Expected extend to be given once, got: "extend" and "continue_clip_id". Leave one of them out.
                    {"prompt":"[Verse]","gpt_description_prompt":"b"} | Expected prompt to be given once, got: "prompt" and "gpt_description_prompt". Here "prompt" is a description, and the words to sing are "lyrics".
                    {"title":"a"}                        | Expected the request to be something to make, got: nothing to make. Give a prompt, lyrics, writeLyrics or extend, or a style with instrumental: true.
                    {"style":"a"}                        | Expected the request to be something to make, got: nothing to make. Give a prompt, lyrics, writeLyrics or extend, or a style with instrumental: true.
                    {"style":"a","instrumental":false}   | Expected the request to be something to make, got: nothing to make. Give a prompt, lyrics, writeLyrics or extend, or a style with instrumental: true.
                    {"style":"a","instrumental":"yes"}   | Expected instrumental to be true or false, got: "yes".
                    {}                                   | Expected the request to be something to make, got: nothing to make. Give a prompt, lyrics, writeLyrics or extend, or a style with instrumental: true.
                    ["a"]                                | Expected the request to be a JSON object, got: ["a"].
                    null                                 | Expected the request to be a JSON object, got: null.
                    """)
    void aMistakeIsToldInOneSentence(String given, String sentence) {
        assertThat(refusal(given)).hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "é", "a\\n", "\\u0000", "..\\n", "a\\u2028"})
    void anIdThatCouldNotNameAFolderIsRefused(String id) {
        RefusedRequestException refusal = refusal("{\"prompt\":\"a\",\"id\":\"" + id + "\"}");

        assertThat(refusal.problems()).extracting(Problem::field).containsExactly("id");
    }

    @Test
    void anIdHasAtMost64Characters() {
        assertThat(RULES.check(Json.object().put("prompt", "a").put("id", "x".repeat(64)))
                        .id())
                .isPresent();
        assertThat(refusal("{\"prompt\":\"a\",\"id\":\"" + "x".repeat(65) + "\"}"))
                .hasMessageContaining("got: \"" + "x".repeat(40) + "…\".");
    }

    @Test
    void allMistakesOfARequestAreToldAtOnce() {
        RefusedRequestException refusal = refusal(
                "{\"id\":\"..\",\"vendr\":\"foxai\",\"tags\":\"a\",\"style\":\"b\",\"timeout\":6,\"provider\":\"x\"}");

        assertThat(refusal.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("style", "provider", "id", "timeout", "vendr", "");
        assertThat(refusal.getMessage()).contains("did you mean \"vendor\"?", "Expected timeout to be");
    }

    @Test
    void aPromptIsNeverRepeatedWhole() {
        String prompt = "My own secret melody about Anna. ".repeat(400);

        RefusedRequestException refusal = refusal(Json.write(Json.object().put("prompt", prompt)));
        RefusedRequestException wrongPlace =
                refusal(Json.write(Json.object().put("prompt", "a").put("vocalGender", prompt)));

        assertThat(refusal)
                .hasMessage(
                        "Expected prompt to be text of at most 10000 characters, not blank, got: 13200 characters.");
        assertThat(wrongPlace.getMessage()).hasSizeLessThan(120);
    }

    @Test
    void aCharacterOfTwoHalvesIsNotCutInTwo() {
        assertThat(Problem.quote("x" + "𝄞".repeat(30))).isEqualTo("\"x" + "𝄞".repeat(19) + "…\"");
    }

    @Test
    void labelsDeeperThanResultsCanHoldAreRefused() {
        String labels = "{\"a\":".repeat(300) + "1" + "}".repeat(300);

        assertThat(refusal("{\"prompt\":\"a\",\"labels\":" + labels + "}"))
                .hasMessage("Expected labels to be an object at most 50 deep, got: a deeper one.");
    }

    @Test
    void everyFieldOfTheSchemaSaysWhatIsExpectedAndWhatItIsFor() throws IOException {
        JsonNode schema = Json.parse(Files.readString(Path.of("src/main/resources/camelody/request.schema.json")));

        for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
            assertThat(property.getValue().path("title").asText())
                    .as("title of " + property.getKey())
                    .isNotBlank();
            assertThat(property.getValue().path("description").asText())
                    .as("description of " + property.getKey())
                    .isNotBlank();
            for (JsonNode example : property.getValue().path("examples")) {
                RULES.check(Json.object().put("lyrics", "a").set(property.getKey(), example));
            }
        }
        assertThat(schema.get("properties").properties()).hasSize(18);
    }

    @Test
    void aRefusalKeepsItsProblems() {
        List<Problem> problems = refusal("{\"prompt\":\"a\",\"styleWeight\":3}").problems();

        assertThat(problems)
                .containsExactly(new Problem(
                        "styleWeight",
                        "a number from 0 to 1",
                        "3",
                        "Expected styleWeight to be a number from 0 to 1, got: 3."));
    }

    private static RefusedRequestException refusal(String request) {
        return catchThrowableOfType(RefusedRequestException.class, () -> RULES.check(Json.parse(request)));
    }
}
