package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code senseaudio.camel.yaml} against the vendor's document, and its newer API as NOTES.md has it. */
class SenseAudioRoutesTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of());

    private static final String TAKEN = "{\"task_id\": \"50f979f5-2b9e-4254-8653-c277644a31fa\"}";

    @Test
    void lyricsAreAskedForWithThePromptAndTheProviderAlone() {
        VENDOR.answers("{\"task_id\": \"bcee6b21\"}");

        SubmitAnswer answer = ROUTES.submitLyrics("senseaudio", "{\"prompt\": \"一段慷慨激昂的歌词\", \"title\": \"T\"}");

        assertThat(answer).isEqualTo(new SubmitAnswer.Taken(List.of("bcee6b21")));
        assertThat(VENDOR.heardOnce().line()).isEqualTo("POST /v1/song/lyrics/create");
        assertThat(VENDOR.heardOnce().headers())
                .containsEntry("authorization", "Bearer the-key-of-senseaudio")
                .containsEntry("content-type", "application/json");
        assertThat(VENDOR.heardOnce().json())
                .isEqualTo(Json.parse("{\"prompt\": \"一段慷慨激昂的歌词\", \"provider\": \"sensesong\"}"));
    }

    @Test
    void lyricsThatComeAtOnceEndTheStep() {
        VENDOR.answers(
                """
                {"data": [{"text": "[intro-medium] ; [verse] ... ; [chorus] ... ; [outro-medium]", "title": ""}]}""");

        SubmitAnswer.Ended answer =
                (SubmitAnswer.Ended) ROUTES.submitLyrics("senseaudio", "{\"writeLyrics\": \"summer\"}");

        assertThat(answer.task().status()).isEqualTo("succeeded");
        assertThat(answer.task().lyrics()).contains("[intro-medium] ; [verse] ... ; [chorus] ... ; [outro-medium]");
        assertThat(answer.task().title()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}
                    {"data": []}
                    {"data": [{"title": "x"}]}
                    {"data": null}
                    {"data": "x"}
                    {"error": "x"}
                    """)
    void anAnswerWithNeitherLyricsNorATaskIsKeptAndIsInDoubt(String answer) {
        VENDOR.answers(answer);

        SubmitAnswer.NotTaken submit =
                (SubmitAnswer.NotTaken) ROUTES.submitLyrics("senseaudio", "{\"prompt\": \"summer\"}");

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(submit.rawAnswer()).contains(answer);
    }

    @Test
    void lyricsAreReadFromTheDocumentsSample() {
        VENDOR.answers(
                """
                {"task_id": "bcee6b21-dcf9-44d1-9b85-7bfef0e840db", "status": "SUCCESS",
                 "response": {"task_id": "bcee6b21-dcf9-44d1-9b85-7bfef0e840db", "data": [{"text": "[verse] 夏天", "title": "风"}]}}""");

        TaskAnswer task = ROUTES.pollOne("senseaudio", "lyrics", "bcee6b21-dcf9-44d1-9b85-7bfef0e840db");

        assertThat(VENDOR.heardOnce().line())
                .isEqualTo("GET /v1/song/lyrics/pending/bcee6b21-dcf9-44d1-9b85-7bfef0e840db");
        assertThat(VENDOR.heardOnce().body()).isEmpty();
        assertThat(VENDOR.heardOnce().headers()).containsEntry("authorization", "Bearer the-key-of-senseaudio");
        assertThat(task.status()).isEqualTo("succeeded");
        assertThat(task.lyrics()).contains("[verse] 夏天");
        assertThat(task.title()).contains("风");
        assertThat(task.error()).isEmpty();
    }

    static Stream<Arguments> songs() {
        return Stream.of(
                Arguments.of(
                        "words alone",
                        "{'lyrics': '[verse] Your lyrics here...'}",
                        "{'model': 'sensesong', 'lyrics': '[verse] Your lyrics here...'}"),
                Arguments.of(
                        "every field of the document",
                        "{'lyrics': '[verse] la', 'style': ['pop', 'rock'], 'styleWeight': 0.7, 'title': 'My Song', 'vocalGender': 'female', 'negativeStyle': ['drums', 'noise'], 'instrumental': false, 'model': 'sensesong'}",
                        "{'model': 'sensesong', 'lyrics': '[verse] la', 'style': 'pop, rock', 'style_weight': '0.7', 'title': 'My Song', 'vocal_gender': 'f', 'negative_tags': 'drums, noise', 'instrumental': false}"),
                Arguments.of(
                        "the least weight",
                        "{'lyrics': 'la', 'style': 'pop', 'styleWeight': 0, 'vocalGender': 'male'}",
                        "{'model': 'sensesong', 'lyrics': 'la', 'style': 'pop', 'style_weight': '0', 'vocal_gender': 'm'}"),
                Arguments.of(
                        "an instrumental of a style",
                        "{'style': 'guzheng', 'instrumental': true}",
                        "{'model': 'sensesong', 'style': 'guzheng', 'instrumental': true}"),
                Arguments.of(
                        "an instrumental of a description, which goes into the style",
                        "{'prompt': 'rain on a tea house', 'style': 'guzheng', 'instrumental': true}",
                        "{'model': 'sensesong', 'style': 'guzheng, rain on a tea house', 'instrumental': true}"),
                Arguments.of(
                        "what the vendor has no field for is not sent",
                        "{'lyrics': 'la', 'prompt': 'x', 'labels': {'a': 1}, 'timeout': '3m', 'vendor': 'senseaudio', 'id': 'i'}",
                        "{'model': 'sensesong', 'lyrics': 'la'}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("songs")
    void aSongIsAskedForAsTheDocumentHasIt(String mode, String request, String sent) {
        VENDOR.answers(TAKEN);

        SubmitAnswer answer = ROUTES.submitSong("senseaudio", request.replace('\'', '"'));

        assertThat(answer).isEqualTo(new SubmitAnswer.Taken(List.of("50f979f5-2b9e-4254-8653-c277644a31fa")));
        assertThat(VENDOR.heardOnce().line()).isEqualTo("POST /v1/song/music/create");
        assertThat(VENDOR.heardOnce().json()).isEqualTo(Json.parse(sent.replace('\'', '"')));
    }

    @Test
    void wordsThatTheLyricsStepWroteAreSung() {
        VENDOR.answers(TAKEN);
        JsonNode body = ROUTES.bodyAfterLyrics(
                "senseaudio",
                "{\"prompt\": \"summer\", \"style\": \"pop\"}",
                "{\"lyrics\": \"[verse] wind\", \"title\": \"Wind\"}");

        ROUTES.sendSubmit("senseaudio", "song", body, Map.of());

        assertThat(VENDOR.heardOnce().json())
                .isEqualTo(
                        Json.parse(
                                """
                                {"model": "sensesong", "lyrics": "[verse] wind", "title": "Wind", "style": "pop"}"""));
    }

    @Test
    void aSongIsReadFromTheDocumentsSample() {
        VENDOR.answers(
                """
                {"task_id": "50f979f5", "status": "SUCCESS", "response": {"task_id": "50f979f5",
                 "data": [{"audio_url": "https://audio/1.wav", "lyrics": "la", "duration": 110}]}}""");

        TaskAnswer task = ROUTES.pollOne("senseaudio", "song", "50f979f5");

        assertThat(VENDOR.heardOnce().line()).isEqualTo("GET /v1/song/music/pending/50f979f5");
        assertThat(task.status()).isEqualTo("succeeded");
        assertThat(task.isSettling()).isFalse();
        assertThat(task.clips()).hasSize(1);
        assertThat(FoxaiRoutesTest.withoutNulls(task.clips().get(0)))
                .isEqualTo(
                        Json.parse("{\"audioUrl\": \"https://audio/1.wav\", \"lyrics\": \"la\", \"duration\": 110}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"task_id": "t1", "status": "PENDING"}                       | running
                    {"task_id": "t1", "status": "PENDING", "response": null}     | running
                    {"status": "PENDING"}                                        | running
                    {"task_id": "t1", "status": "SUCCESS", "response": null}     | succeeded
                    {"task_id": "t1", "status": "SUCCESS", "response": "soon"}   | succeeded
                    {"task_id": "t1", "status": "RESTING"}                       | RESTING
                    {"task_id": "t1", "status": null}                            | none
                    """)
    void eachStatusHasItsMeaningAndWhatIsStrangeEndsNothing(String answer, String status) {
        VENDOR.answers(answer).answers(answer);

        for (String step : List.of("lyrics", "song")) {
            TaskAnswer task = ROUTES.pollOne("senseaudio", step, "t1");
            assertThat(task.status()).isEqualTo(status);
            assertThat(task.clips()).isEmpty();
            assertThat(task.lyrics()).isEmpty();
            assertThat(task.error()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"task_id": "t1", "status": "FAILED"}                                                | UNKNOWN | no reason given
                    {"task_id": "t1", "status": "FAILED", "message": "out of time"}                      | UNKNOWN | out of time
                    {"task_id": "t1", "status": "FAILED", "response": {"message": "内容违规"}}            | CONTENT | 内容违规
                    {"task_id": "t1", "status": "FAILED", "error": {"message": "Moderation refused it"}} | CONTENT | Moderation refused it
                    """)
    void aFailedTaskComesWithItsReason(String answer, ErrorClass errorClass, String words) {
        VENDOR.answers(answer).answers(answer);

        for (String step : List.of("lyrics", "song")) {
            TaskAnswer task = ROUTES.pollOne("senseaudio", step, "t1");
            assertThat(task.status()).isEqualTo("failed");
            assertThat(task.error().orElseThrow().errorClass()).isEqualTo(errorClass);
            assertThat(task.error().orElseThrow().message()).contains(words);
        }
    }

    @Nested
    class NewerApi {

        @RegisterExtension
        static final VendorRoutes NEWER = new VendorRoutes(VENDOR.url(), Map.of("camelody.senseaudio.api", "music"));

        static Stream<Arguments> songs() {
            return Stream.of(
                    Arguments.of(
                            "{'lyrics': '[verse] la', 'style': 'pop', 'styleWeight': 0.7, 'title': 'T', 'vocalGender': 'male', 'negativeStyle': 'drums', 'instrumental': false}",
                            "{'model': 'senseaudio-music-1.0-260319', 'lyrics': '[verse] la', 'custom_mode': false, 'style': 'pop', 'style_weight': 0.7, 'title': 'T', 'vocal_gender': 'm', 'negative_tags': 'drums', 'instrumental': false}"),
                    Arguments.of(
                            "{'prompt': 'rain', 'instrumental': true, 'style': 'guzheng', 'styleWeight': 0}",
                            "{'model': 'senseaudio-music-1.0-260319', 'lyrics': 'rain', 'custom_mode': true, 'style': 'guzheng', 'style_weight': 0, 'instrumental': true}"),
                    Arguments.of(
                            "{'style': 'guzheng', 'instrumental': true, 'model': 'senseaudio-music-2.0'}",
                            "{'model': 'senseaudio-music-2.0', 'lyrics': 'guzheng', 'custom_mode': true, 'style': 'guzheng', 'instrumental': true}"));
        }

        @ParameterizedTest
        @MethodSource("songs")
        void aSongIsAskedForWithItsFields(String request, String sent) {
            VENDOR.answers(TAKEN);

            SubmitAnswer answer = NEWER.submitSong("senseaudio", request.replace('\'', '"'));

            assertThat(answer).isInstanceOf(SubmitAnswer.Taken.class);
            assertThat(VENDOR.heardOnce().line()).isEqualTo("POST /v1/music/song/create");
            assertThat(VENDOR.heardOnce().headers()).containsEntry("authorization", "Bearer the-key-of-senseaudio");
            assertThat(VENDOR.heardOnce().json()).isEqualTo(Json.parse(sent.replace('\'', '"')));
        }

        @Test
        void lyricsHaveTheirNewerPaths() {
            VENDOR.answers("{\"task_id\": \"t1\"}").answers("{\"task_id\": \"t1\", \"status\": \"PENDING\"}");

            NEWER.submitLyrics("senseaudio", "{\"prompt\": \"summer\"}");
            NEWER.poll("senseaudio", "lyrics", "t1");

            assertThat(VENDOR.heard())
                    .extracting(FakeVendor.Heard::line)
                    .containsExactly("POST /v1/music/lyrics/create", "GET /v1/music/lyrics/pending/t1");
        }

        @Test
        void aSongHasItsIdItsTitleAndItsCover() {
            VENDOR.answers(
                    """
                    {"task_id": "t1", "status": "SUCCESS", "response": {"data": [
                      {"id": "c1", "audio_url": "https://audio/1.mp3", "cover_url": "https://image/1.png", "title": "T",
                       "lyrics": "la", "duration": 110.5}]}}""");

            TaskAnswer task = NEWER.pollOne("senseaudio", "song", "t1");

            assertThat(VENDOR.heardOnce().line()).isEqualTo("GET /v1/music/song/pending/t1");
            assertThat(task.clips().get(0))
                    .isEqualTo(
                            Json.parse(
                                    """
                                    {"id": "c1", "audioUrl": "https://audio/1.mp3", "imageUrl": "https://image/1.png",
                                     "title": "T", "lyrics": "la", "duration": 110.5}"""));
            assertThat(task.title()).isEqualTo(Optional.empty());
        }
    }
}
