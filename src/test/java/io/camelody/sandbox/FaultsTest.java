package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final String TASK = "/api/v2/music/task";
    private static final String SONG = "{\"topic\": \"spring\"}";

    private final SettableClock clock = new SettableClock();
    private final Sandbox sandbox =
            Sandbox.start(SandboxSettings.defaults().withClock(clock).withSongLength(Duration.ofSeconds(3)));
    private final Caller foxai = Caller.foxai(sandbox);
    private final Caller sunomusic = Caller.bearer(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void aStatusIsAnsweredSoManyTimesAndMakesNoTask() {
        sandbox.fault(Fault.parse("foxai:submit:2:status=429 Retry-After=7 body={\"too\": \"fast\"}"));

        var refused = foxai.post(TASK, SONG);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("7");
        assertThat(refused.json().path("too").textValue()).isEqualTo("fast");
        assertThat(foxai.post(TASK, SONG).status()).isEqualTo(429);
        assertThat(foxai.post(TASK, SONG).status()).isEqualTo(200);
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void faultsStrikeInTheirOrderAndOnlyWhereTheyFit() {
        sandbox.fault(Fault.parse("foxai:poll:1:status=500"));
        sandbox.fault(Fault.parse("*:submit:1:status=501"));
        sandbox.fault(Fault.parse("foxai:submit:1:status=502"));

        assertThat(foxai.post(TASK, SONG).status()).isEqualTo(501);
        assertThat(foxai.post(TASK, SONG).status()).isEqualTo(502);
        assertThat(foxai.get(TASK + "?ids=a").status()).isEqualTo(500);
        assertThat(foxai.get(TASK + "?ids=a").status()).isEqualTo(200);
    }

    @Test
    void aClosedConnectionMakesNoTaskAndALostAnswerMakesOne() {
        sandbox.fault(Fault.parse("foxai:submit:1:close"));
        assertThatThrownBy(() -> foxai.post(TASK, SONG)).isInstanceOf(UncheckedIOException.class);
        assertThat(sandbox.tasks()).isEmpty();

        sandbox.fault(Fault.parse("foxai:submit:1:lost"));
        assertThatThrownBy(() -> foxai.post(TASK, SONG)).isInstanceOf(UncheckedIOException.class);
        assertThat(sandbox.tasks()).hasSize(1);

        assertThat(sandbox.heard("foxai", "POST", TASK))
                .extracting(HeardCall::status)
                .containsExactly(0, 0);
    }

    @Test
    void aCallHangsUntilTheFaultsAreCleared() {
        for (String trouble : new String[] {"hang", "hang-made"}) {
            sandbox.fault(Fault.parse("foxai:submit:1:" + trouble));
            var answer = HttpClient.newHttpClient()
                    .sendAsync(
                            foxai.request(TASK)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(SONG))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            int made = trouble.equals("hang") ? 0 : 1;
            Awaitility.await()
                    .until(() -> !sandbox.heard().isEmpty() && sandbox.tasks().size() == made);
            assertThat(answer).isNotDone();

            sandbox.clearFaults();

            Awaitility.await().until(answer::isCompletedExceptionally);
        }
    }

    @Test
    void anAnswerIsCutInTheMiddle() {
        sandbox.fault(Fault.parse("foxai:submit:1:cut"));

        assertThatThrownBy(() -> foxai.post(TASK, SONG)).isInstanceOf(UncheckedIOException.class);
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void anAnswerDripsByteByByte() throws Exception {
        sandbox.fault(Fault.parse("foxai:submit:1:drip"));
        var request = foxai.request(TASK)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(SONG))
                .build();

        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());

        assertThat(answer.body().read()).isEqualTo('{');
        assertThat(answer.body().available()).isZero();
        sandbox.clearFaults();
        assertThat(new String(answer.body().readAllBytes())).contains("task_id");
    }

    @Test
    void htmlAndNothingComeWithStatus200() {
        sandbox.fault(Fault.parse("foxai:submit:1:html"));
        sandbox.fault(Fault.parse("foxai:submit:1:empty"));

        var html = foxai.post(TASK, SONG);
        assertThat(html.status()).isEqualTo(200);
        assertThat(new String(html.body())).startsWith("<!DOCTYPE html>");
        var empty = foxai.post(TASK, SONG);
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(foxai.post(TASK, SONG).json().has("task_id")).isTrue();
    }

    @Test
    void anAnswerLacksTheIdOfATaskThatWasMade() {
        sandbox.fault(Fault.parse("*:submit:3:no-id"));

        assertThat(foxai.post(TASK, SONG).json().findValue("task_id")).isNull();
        assertThat(sunomusic
                        .post("/v1/music/generate", "{\"prompt\": \"x\"}")
                        .json()
                        .findValue("task_id"))
                .isNull();
        assertThat(sunomusic
                        .post("/v1/song/music/create", "{\"model\": \"sensesong\"}")
                        .json())
                .isEmpty();
        assertThat(sandbox.tasks()).hasSize(3);
    }

    @Test
    void aPollSaysAnUnknownWordOnceOrLeavesTheTaskOut() {
        String id = submit();
        sandbox.fault(Fault.parse("foxai:poll:1:word=thinking"));
        sandbox.fault(Fault.parse("foxai:poll:2:leave-out"));

        assertThat(poll(id).at("/0/status").textValue()).isEqualTo("thinking");
        assertThat(poll(id)).isEmpty();
        assertThat(poll(id)).isEmpty();
        assertThat(poll(id).at("/0/status").textValue()).isEqualTo("processing");
    }

    @Test
    void audioUrlsAreNullOrNoneOnceTheTaskHasEnded() {
        sandbox.fault(Fault.parse("foxai:poll:1:null-url"));
        sandbox.fault(Fault.parse("foxai:poll:1:none-url"));
        String id = submit();
        assertThat(poll(id).at("/0/status").textValue()).isEqualTo("processing");

        clock.forward(Duration.ofSeconds(10));

        assertThat(poll(id).at("/0/data/0/audio_url").isNull()).isTrue();
        String none = poll(id).at("/0/data/0/audio_url").textValue();
        assertThat(none).endsWith("/None.mp3");
        assertThat(new Caller(sandbox).get(none).status()).isEqualTo(404);
        assertThat(poll(id).at("/0/data/0/audio_url").textValue()).doesNotEndWith("/None.mp3");
    }

    @Test
    void clipsStayStreamingWhileTheirAudioIsWhole() {
        sandbox.fault(Fault.parse("sunomusic:submit:1:stay-streaming"));
        String id = sunomusic
                .post("/v1/music/generate", "{\"prompt\": \"x\"}")
                .json()
                .at("/data/task_id")
                .textValue();

        clock.forward(Duration.ofDays(1));

        JsonNode task = sunomusic.get("/v1/music/status?ids=" + id).json().at("/data/0");
        assertThat(task.path("status").textValue()).isEqualTo("success");
        assertThat(task.at("/data/clips/0/status").textValue()).isEqualTo("streaming");
        var audio = new Caller(sandbox).get(task.at("/data/clips/0/audio_url").textValue());
        assertThat(audio.header("Content-Length")).isEqualTo(Integer.toString(audio.body().length));
    }

    @Test
    void oneOfTwoClipsIsBroken() {
        sandbox.fault(Fault.parse("foxai:submit:1:clip-error"));
        sandbox.fault(Fault.parse("foxai:submit:1:clip-gone"));
        String error = submit();
        String gone = submit();
        clock.forward(Duration.ofSeconds(10));
        var anyone = new Caller(sandbox);

        assertThat(poll(error).at("/0/data/0/status").textValue()).isEqualTo("complete");
        assertThat(poll(error).at("/0/data/1/status").textValue()).isEqualTo("error");
        assertThat(poll(error).at("/0/data/1/audio_url").isNull()).isTrue();
        assertThat(poll(gone).at("/0/data/1/status").textValue()).isEqualTo("complete");
        assertThat(anyone.get(poll(gone).at("/0/data/0/audio_url").textValue()).status())
                .isEqualTo(200);
        assertThat(anyone.get(poll(gone).at("/0/data/1/audio_url").textValue()).status())
                .isEqualTo(404);
    }

    @Test
    void aRightAnswerIsHuge() {
        sandbox.fault(Fault.parse("*:*:*:huge"));

        var submitted = foxai.post(TASK, SONG);

        assertThat(submitted.body()).hasSizeGreaterThan(50_000_000);
        String id = submitted.json().path("task_id").textValue();
        assertThat(foxai.get(TASK + "?ids=" + id).body()).hasSizeGreaterThan(50_000_000);
        clock.forward(Duration.ofSeconds(10));
        sandbox.clearFaults();
        String url = poll(id).at("/0/data/0/audio_url").textValue();
        sandbox.fault(Fault.parse("*:*:*:huge"));
        assertThat(new Caller(sandbox).get(url).body()).hasSizeLessThan(5_000_000);
    }

    @Test
    void aPollHasATaskThatNobodyAskedAbout() {
        String fox = submit();
        String suno = sunomusic
                .post("/v1/music/generate", "{\"prompt\": \"x\"}")
                .json()
                .at("/data/task_id")
                .textValue();
        String sense = sunomusic
                .post("/v1/song/music/create", "{\"model\": \"sensesong\"}")
                .json()
                .path("task_id")
                .textValue();
        sandbox.fault(Fault.parse("*:poll:3:strangers"));

        JsonNode foxes = poll(fox);
        assertThat(foxes.at("/0/task_id").textValue()).isNotEqualTo(fox);
        assertThat(foxes.at("/0/status").textValue()).isEqualTo("completed");
        assertThat(foxes.at("/1/task_id").textValue()).isEqualTo(fox);
        assertThat(new Caller(sandbox)
                        .get(foxes.at("/0/data/0/audio_url").textValue())
                        .status())
                .isEqualTo(404);
        JsonNode sunos = sunomusic.get("/v1/music/status?ids=" + suno).json().path("data");
        assertThat(sunos.findValuesAsText("status")).startsWith("success");
        assertThat(sunos.at("/1/id").textValue()).isEqualTo(suno);
        assertThat(sunomusic
                        .get("/v1/song/music/pending/" + sense)
                        .json()
                        .path("task_id")
                        .textValue())
                .isNotEqualTo(sense);
        assertThat(poll(fox)).hasSize(1);
        assertThat(sandbox.tasks()).hasSize(3);
    }

    @Test
    void theFirstClipIsThereTwice() {
        sandbox.fault(Fault.parse("*:submit:2:clip-twice"));
        String fox = submit();
        String sense = sunomusic
                .post("/v1/song/music/create", "{\"model\": \"sensesong\"}")
                .json()
                .path("task_id")
                .textValue();
        clock.forward(Duration.ofSeconds(10));

        JsonNode clips = poll(fox).at("/0/data");
        JsonNode data = sunomusic.get("/v1/song/music/pending/" + sense).json().at("/response/data");

        assertThat(clips).hasSize(3);
        assertThat(clips.get(1)).isEqualTo(clips.get(0)).isNotEqualTo(clips.get(2));
        assertThat(data).hasSize(2);
        assertThat(data.get(1)).isEqualTo(data.get(0));
    }

    @Test
    void audioIsShortOrCutOrOfAnotherType() {
        String id = submit();
        clock.forward(Duration.ofSeconds(10));
        String url = poll(id).at("/0/data/0/audio_url").textValue();
        var anyone = new Caller(sandbox);
        int whole = anyone.get(url).body().length;
        sandbox.fault(Fault.parse("foxai:audio:1:short"));
        sandbox.fault(Fault.parse("foxai:audio:1:type=text/html"));
        sandbox.fault(Fault.parse("foxai:audio:1:cut"));

        assertThat(anyone.get(url).body()).hasSize(whole / 2);
        assertThat(anyone.get(url).header("Content-Type")).isEqualTo("text/html");
        assertThatThrownBy(() -> anyone.get(url)).isInstanceOf(UncheckedIOException.class);
        assertThat(anyone.get(url).body()).hasSize(whole);
    }

    @Test
    void faultsAreGivenAndTakenBackOverHttp() throws IOException {
        var anyone = new Caller(sandbox);

        assertThat(anyone.post("/sandbox/faults", "foxai:submit:*:status=503\n\n*:poll:1:lost\n")
                        .status())
                .isEqualTo(200);
        assertThat(foxai.post(TASK, SONG).status()).isEqualTo(503);
        assertThat(anyone.post("/sandbox/faults", "foxai:submit:1:lost\nnonsense")
                        .status())
                .isEqualTo(400);
        anyone.send(anyone.request("/sandbox/faults").DELETE());
        assertThat(foxai.post(TASK, SONG).status()).isEqualTo(200);
        assertThat(anyone.get("/sandbox/calls").json()).hasSize(2);
        assertThat(anyone.get("/sandbox/calls").json().at("/0/status").intValue())
                .isEqualTo(503);
        assertThat(anyone.get("/sandbox/tasks").json().at("/0/vendor").textValue())
                .isEqualTo("foxai");
    }

    private String submit() {
        return foxai.post(TASK, SONG).json().path("task_id").textValue();
    }

    private JsonNode poll(String id) {
        return foxai.get(TASK + "?ids=" + id).json();
    }
}
