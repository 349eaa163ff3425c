package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.cli.Served.Answered;
import io.camelody.ledger.SongState;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.TestSongs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Songs over HTTP, as {@code camelody run} serves them. */
class ServedSongsTest {

    private static final String WALTZ = "{\"prompt\": \"a waltz\", \"vendor\": \"foxai\"}";
    private static final String POLKA = "{\"prompt\": \"a polka\", \"vendor\": \"foxai\"}";

    /** Nothing is sent to a vendor. */
    private static final String[] AT_REST = {"camelody.budget.total", "0.000001", "camelody.sunomusic.price", "1"};

    @TempDir
    Path home;

    private Served served;

    @AfterEach
    void stop() {
        if (served != null) {
            served.close();
        }
    }

    @Test
    void aRequestIsWrittenDownAndItsSongIsThereToLookAt() throws Exception {
        serve();

        Answered receipt = served.post("/songs", WALTZ);

        assertThat(receipt.status()).as(receipt.json().toString()).isEqualTo(202);
        String self = "/songs/" + receipt.json().path("id").asText();
        assertThat(receipt.header("Location")).contains(self);
        assertThat(receipt.json().path("links").path("self").asText()).isEqualTo(self);
        assertThat(receipt.json().path("state").asText()).isEqualTo("accepted");
        assertThat(receipt.json().path("isNew").asBoolean()).isTrue();
        Answered song = served.get(self);
        assertThat(song.status()).isEqualTo(200);
        assertThat(song.header("Content-Type")).contains("application/json");
        assertThat(song.json().path("request").path("prompt").asText()).isEqualTo("a waltz");
    }

    @Test
    void whatIsWrongIsAProblemWithItsReason() throws Exception {
        serve(AT_REST);

        served.get("/songs/nothing").isProblem(404, "not-found");
        served.get("/songs/a%2F..%2Fb").isProblem(404, "not-found");
        served.get("/nothing").isProblem(404, "not-found");
        assertThat(served.call("PUT", "/songs/a", "")
                        .isProblem(405, "method-not-allowed")
                        .header("Allow"))
                .contains("DELETE, GET");
        JsonNode refused = served.post("/songs", "{\"promt\": \"a\"}")
                .isProblem(400, "refused")
                .json();
        assertThat(refused.path("problems").get(0).path("message").asText()).contains("did you mean \"prompt\"");
        for (String body : List.of("", "{", "[]", "1", "\"a\"", "{\"prompt\": \"a\"} x", "\u0000")) {
            assertThat(served.post("/songs", body).status()).as(body).isEqualTo(400);
        }
        served.post("/songs", WALTZ, "Content-Type", "application/x-www-form-urlencoded")
                .isProblem(415, "unsupported-media-type");
        served.post("/songs", "--x\r\n", "Content-Type", "multipart/form-data; boundary=x");
        served.post("/songs", "x".repeat(5_000_000)).isProblem(413, "too-large");
        served.get("/songs?stat=failed").isProblem(400, "invalid-request");
        served.get("/songs?state=fail").isProblem(400, "invalid-request");
        served.get("/songs?state=failed&state=failed").isProblem(400, "invalid-request");
        served.get("/songs?limit=0").isProblem(400, "invalid-request");
        served.get("/songs?after=nonsense").isProblem(400, "invalid-request");
        served.post("/songs?x=1", WALTZ).isProblem(400, "invalid-request");
        assertThat(served.get("/songs").json().path("songs")).isEmpty();
    }

    @Test
    void aListIsAcceptedByItem() throws Exception {
        serve(AT_REST);

        Answered all = served.post("/songs", "[" + WALTZ + "," + POLKA + "]");
        Answered some = served.post(
                "/songs",
                "[{\"id\": \"one\", \"prompt\": \"a\", \"vendor\": \"foxai\"}, {}, 7,"
                        + "{\"id\": \"one\", \"prompt\": \"b\", \"vendor\": \"foxai\"}]");

        assertThat(all.status()).isEqualTo(202);
        assertThat(all.json()).hasSize(2);
        assertThat(some.status()).isEqualTo(207);
        assertThat(some.json()).hasSize(4);
        assertThat(some.json().get(0).path("links").path("self").asText()).isEqualTo("/songs/one");
        assertThat(some.json().get(1).path("state").asText()).isEqualTo("refused");
        assertThat(some.json().get(1).path("problems")).isNotEmpty();
        assertThat(some.json().get(2).path("status").asInt()).isEqualTo(400);
        assertThat(some.json().get(3).path("status").asInt()).isEqualTo(409);
        assertThat(served.get("/songs").json().path("songs")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/jsonl; charset=utf-8", "application/json"})
    void linesAreAcceptedEachByItself(String type) throws Exception {
        serve(AT_REST);

        Answered answer = served.post("/songs", WALTZ + "\n\nnonsense\r\n" + POLKA + "\n", "Content-Type", type);

        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.json()).hasSize(3);
        assertThat(answer.json().get(1).path("detail").asText()).contains("line 2");
        assertThat(served.get("/songs").json().path("songs")).hasSize(2);
    }

    @Test
    void tooManyRequestsInOneCallAreRefusedAndNoneIsAccepted() throws Exception {
        serve("camelody.budget.total", "0.000001", "camelody.http.max-items", "2");

        served.post("/songs", "[" + WALTZ + "," + WALTZ + "," + POLKA + "]").isProblem(413, "too-many");

        assertThat(served.get("/songs").json().path("songs")).isEmpty();
    }

    @Test
    void requestsAreCountedBeforeTheyAreRead() throws Exception {
        serve("camelody.budget.total", "0.000001", "camelody.http.max-items", "2");

        // what stands behind the third is no JSON, and never looked at
        served.post("/songs", "[{}, [1, 2, 3], {\"a\": {}}, nonsense").isProblem(413, "too-many");
        served.post("/songs", "{}\n\n{}\n{}", "Content-Type", "application/x-ndjson")
                .isProblem(413, "too-many");
        assertThat(served.post("/songs", "[{}, [1, 2, 3]]").status()).isEqualTo(207);
    }

    @Test
    void aKeyIsTheSameSongWhicheverTokenIsShown() throws Exception {
        serve("camelody.budget.total", "0.000001", "camelody.http.token", "one-of-sixteen-or-more,another-of-sixteen");
        List<JsonNode> ids = new ArrayList<>();
        for (String caller : List.of(
                "Bearer one-of-sixteen-or-more", "bearer  one-of-sixteen-or-more", "Bearer another-of-sixteen")) {
            ids.add(served.post("/songs", WALTZ, "Idempotency-Key", "order-1", "Authorization", caller)
                    .json()
                    .path("id"));
        }

        assertThat(Set.copyOf(ids)).hasSize(1);
    }

    @Test
    void anIdempotencyKeyMakesOneSongHoweverOftenItComes() throws Exception {
        serve(AT_REST);
        String[] key = {"Idempotency-Key", "../order/1?x=y"};

        Answered first = served.post("/songs", WALTZ, key);
        Answered again = served.post("/songs", WALTZ, key);

        assertThat(first.json().path("isNew").asBoolean()).isTrue();
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.json().path("isNew").asBoolean()).isFalse();
        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(first.json().path("id").asText()).matches("[a-z0-9-]+");
        served.post("/songs", POLKA, key).isProblem(422, "key-reused");
        served.post("/songs", WALTZ, "Idempotency-Key", "x".repeat(256)).isProblem(400, "invalid-request");
        assertThat(served.post("/songs", WALTZ, "Idempotency-Key", "other")
                        .json()
                        .path("id"))
                .isNotEqualTo(first.json().path("id"));
    }

    @Test
    void anIdempotencyKeyOfAListHoldsForEachOfItsPlaces() throws Exception {
        serve(AT_REST);
        String[] key = {"Idempotency-Key", "list-1"};

        JsonNode first =
                served.post("/songs", "[" + WALTZ + ", {}, " + WALTZ + "]", key).json();
        Answered again = served.post("/songs", "[" + WALTZ + "," + POLKA + "," + POLKA + "]", key);

        assertThat(first.get(0).path("id")).isNotEqualTo(first.get(2).path("id"));
        assertThat(again.status()).isEqualTo(207);
        assertThat(again.json().get(0).path("id")).isEqualTo(first.get(0).path("id"));
        assertThat(again.json().get(1).path("isNew").asBoolean()).isTrue();
        assertThat(again.json().get(2).path("reason").asText()).isEqualTo("key-reused");
    }

    @Test
    void anIdIsOfOneRequestForEver() throws Exception {
        serve(AT_REST);
        served.post("/songs", "{\"id\": \"one\", \"prompt\": \"a\", \"vendor\": \"foxai\"}");

        served.post("/songs", "{\"id\": \"one\", \"prompt\": \"b\", \"vendor\": \"foxai\"}")
                .isProblem(409, "id-taken");
    }

    @Test
    void whoPrefersToWaitGetsTheSongWhenItHasEnded() throws Exception {
        serve();

        Answered song = served.post("/songs", WALTZ, "Prefer", "wait=30");

        assertThat(song.status()).as(song.json().toString()).isEqualTo(200);
        assertThat(song.json().path("state").asText()).isEqualTo("delivered");
        assertThat(song.header("Preference-Applied")).contains("wait=30");
        Answered again =
                served.post("/songs", song.json().path("request").toString(), "Prefer", "return=minimal, wait=1");
        assertThat(again.status())
                .as("a song of its own, not ended after a second")
                .isIn(200, 202);
    }

    @Test
    void manyWhoWaitHoldNobodyElseUp() throws Exception {
        serve("camelody.budget.total", "0.000001");
        List<CompletableFuture<Answered>> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(waiting(WALTZ));
        }
        await().until(() -> served.get("/songs").json().path("songs").size() == 40);

        for (JsonNode song : served.get("/songs").json().path("songs")) {
            String path = "/songs/" + song.path("id").asText();
            assertThat(served.call("DELETE", path, "").json().path("state").asText())
                    .isEqualTo("cancelled");
        }

        for (CompletableFuture<Answered> each : waiting) {
            assertThat(each.get().status()).isEqualTo(200);
            assertThat(each.get().header("Preference-Applied")).contains("wait=60");
        }
    }

    @Test
    void whoWaitsWhileTheProgramStopsGetsItsReceipt() throws Exception {
        serve(AT_REST);
        CompletableFuture<Answered> waiting = waiting(WALTZ);
        await().until(() -> served.get("/songs").json().path("songs").size() == 1);

        served.close();
        served = null;

        assertThat(waiting.get().status()).isEqualTo(202);
        assertThat(waiting.get().json().path("state").asText()).isEqualTo("accepted");
    }

    @Test
    void whoWaitsTakesNoRoomForWhatItBrought() throws Exception {
        serve("camelody.budget.total", "0.000001", "camelody.http.max-body", "1024");
        List<CompletableFuture<Answered>> waiting = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            waiting.add(waiting(WALTZ + " ".repeat(900)));
            int all = i;
            await().until(() -> served.get("/songs").json().path("songs").size() == all);
        }

        served.close();
        served = null;
        for (CompletableFuture<Answered> each : waiting) {
            assertThat(each.get().status()).isEqualTo(202);
        }
    }

    @Test
    void whoWaitsForAProblemGetsItAtOnce() throws Exception {
        serve(AT_REST);

        served.post("/songs", "{}", "Prefer", "wait=30").isProblem(400, "refused");
        served.post("/songs?x=1", WALTZ, "Prefer", "wait=30").isProblem(400, "invalid-request");
        assertThat(served.post("/songs", "[" + WALTZ + "]", "Prefer", "wait=30").status())
                .isEqualTo(202);
        assertThat(served.post("/songs", WALTZ, "Prefer", "wait=1").status()).isEqualTo(202);
    }

    @Test
    void theListGoesBackPageByPageAndMissesNone() throws Exception {
        serve(AT_REST);
        served.post(
                "/songs",
                IntStream.range(0, 25)
                        .mapToObj(i -> "{\"id\": \"s%02d\", \"prompt\": \"n\", \"vendor\": \"foxai\"}".formatted(i))
                        .collect(Collectors.joining(",", "[", "]")));
        List<String> seen = new ArrayList<>();

        String next = "";
        do {
            JsonNode page = served.get("/songs?limit=10" + next).json();
            page.path("songs").forEach(song -> seen.add(song.path("id").asText()));
            next = page.path("next").isNull()
                    ? null
                    : "&after=" + page.path("next").asText();
            served.post("/songs", WALTZ);
        } while (next != null);

        assertThat(seen).hasSize(25).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void theListIsOfWhatTheQueryAsksFor() throws Exception {
        serve(AT_REST);
        served.post("/songs", "{\"id\": \"one\", \"prompt\": \"Ein FRÜHLING\", \"vendor\": \"foxai\"}");
        served.post("/songs", "{\"id\": \"two\", \"prompt\": \"b\", \"title\": \"Summer\", \"vendor\": \"sunomusic\"}");
        served.call("DELETE", "/songs/two", "");

        assertThat(ids("")).containsExactly("two", "one");
        assertThat(ids("?state=cancelled")).containsExactly("two");
        assertThat(ids("?state=accepted&vendor=foxai")).containsExactly("one");
        assertThat(ids("?vendor=sunomusic")).containsExactly("two");
        assertThat(ids("?q=fr%C3%BChling")).containsExactly("one");
        assertThat(ids("?q=SUMM")).containsExactly("two");
        assertThat(ids("?q=On")).containsExactly("one");
        assertThat(ids("?q=%25")).isEmpty();
        assertThat(ids("?batch=none")).isEmpty();
        assertThat(ids("?state=")).hasSize(2);
        JsonNode two = served.get("/songs?q=two").json().path("songs").get(0);
        assertThat(two.path("title").asText()).isEqualTo("Summer");
        assertThat(two.path("clips").asInt()).isZero();
    }

    @Test
    void aSongIsSteeredAsOnTheCommandLine() throws Exception {
        serve(AT_REST);
        served.post("/songs", "{\"id\": \"one\", \"prompt\": \"a\", \"vendor\": \"foxai\"}");

        served.post("/songs/one/retry", "").isProblem(409, "not-possible");
        served.post("/songs/one/resolve", "{\"fail\": true}").isProblem(409, "not-possible");
        served.call("DELETE", "/songs/none", "").isProblem(404, "not-found");
        served.post("/songs/one/resolve", "{}").isProblem(400, "invalid-request");
        served.post("/songs/one/resolve", "{\"taskId\": 7}").isProblem(400, "invalid-request");
        served.post("/songs/one/resolve", "{\"fail\": false}").isProblem(400, "invalid-request");
        served.post("/songs/one/retry", "{\"resubmitt\": true}").isProblem(400, "invalid-request");
        assertThat(served.call("DELETE", "/songs/one", "").json().path("state").asText())
                .isEqualTo("cancelled");
        assertThat(served.post("/songs/one/retry", "").json().path("state").asText())
                .isEqualTo("accepted");
        served.call("DELETE", "/songs/one", "");
        assertThat(served.post("/songs/one/retry", "{\"resubmit\": true}")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("accepted");
        served.call("DELETE", "/songs/one", "");
        served.close();
        new TestLedger(home).inDoubt("two");
        new TestLedger(home).inDoubt("three");
        serve(AT_REST);
        assertThat(served.post("/songs/two/resolve", "{\"taskId\": \"t-1\"}")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("submitted");
        assertThat(served.post("/songs/three/resolve", "{\"fail\": true}")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("failed");
        assertThat(served.ledger.catalog().find("three").orElseThrow().state()).isEqualTo(SongState.FAILED);
    }

    @Test
    void noHeaderAndNoParameterOfACallSteersARoute() throws Exception {
        serve(AT_REST);
        served.post("/songs", "{\"id\": \"mine\", \"prompt\": \"a\", \"vendor\": \"foxai\"}");
        served.post("/songs", "{\"id\": \"other\", \"prompt\": \"a\", \"vendor\": \"foxai\"}");

        Answered steered = served.call(
                "GET",
                "/songs/mine",
                "",
                "id",
                "other",
                "CamelHttpPath",
                "/songs/other",
                "CamelHttpUri",
                "http://127.0.0.1:1/",
                "CamelBeanMethodName",
                "list",
                "CamelFileName",
                "x",
                "CamelHttpResponseCode",
                "299",
                "CamelVariable.requestIds",
                "x",
                "X-Echo",
                "me");
        assertThat(steered.status()).isEqualTo(200);
        assertThat(steered.json().path("id").asText()).isEqualTo("mine");
        assertThat(steered.response().headers().map().keySet())
                .isSubsetOf("content-type", "content-length", "Content-Type", "Content-Length");
        for (String query : List.of("id=other", "CamelHttpPath=x", "CamelBeanMethodName=cancel", "Prefer=wait")) {
            served.get("/songs/mine?" + query).isProblem(400, "invalid-request");
            served.call("DELETE", "/songs/mine?" + query, "").isProblem(400, "invalid-request");
        }
        assertThat(served.get("/songs/mine").json().path("state").asText()).isEqualTo("accepted");
    }

    @Test
    void aSongThatWasDeliveredHasWhatTheVendorSaidOfItsTask() throws Exception {
        serve();

        JsonNode song = served.post("/songs", WALTZ, "Prefer", "wait=30").json();

        assertThat(song.path("state").asText()).isEqualTo("delivered");
        JsonNode task = song.path("tasks").path(0);
        assertThat(task.path("answer").asText()).contains(task.path("taskId").asText());
    }

    @Test
    void songsOfTheSandboxAreNotListedAmongTheOthersButFoundById() throws Exception {
        serve(AT_REST);
        served.post("/songs", WALTZ);
        served.ledger.accept(List.of(TestSongs.song("toy")), true);

        assertThat(served.get("/songs").json().path("songs")).hasSize(1);
        assertThat(served.get("/songs/toy").json().path("sandbox").asBoolean()).isTrue();
    }

    @Test
    void theVendorsSayHowTheyStand() throws Exception {
        serve();
        served.post("/songs", WALTZ, "Prefer", "wait=30");

        JsonNode vendors = served.get("/vendors").json();

        assertThat(vendors).hasSize(3);
        JsonNode foxai = vendors.get(0);
        assertThat(foxai.path("name").asText()).isEqualTo("foxai");
        assertThat(foxai.path("inUse").asBoolean()).isTrue();
        assertThat(foxai.path("songs").path("delivered").asInt()).isEqualTo(1);
        assertThat(foxai.path("pace").path("submitRate").asInt()).isPositive();
        assertThat(foxai.path("spent").path("today").asText()).isEqualTo("0.035");
        assertThat(foxai.path("spent").path("total").asText()).isEqualTo("0.035");
    }

    @Test
    void theSongsAreNotCountedForEachLookAtTheVendors() throws Exception {
        serve(AT_REST);
        JsonNode before = served.get("/vendors").json();

        served.post("/songs", WALTZ);

        assertThat(served.get("/vendors").json()).as("for some seconds").isEqualTo(before);
    }

    @Test
    void aTokenIsInNoAnswerAndInNoLine() throws Exception {
        String token = "a-secret-token-of-callers";
        try (LogLines log = new LogLines()) {
            serve("camelody.http.token", token, "camelody.http.host", "127.0.0.1");
            String[] known = {"Authorization", "Bearer " + token};

            served.get("/songs").isProblem(401, "unauthorized");
            Answered song = served.post("/songs", WALTZ, known);
            assertThat(song.response().toString() + song.json()).doesNotContain(token);
            Answered failed = served.post("/songs", "{", known);
            assertThat(failed.response().body()).doesNotContain(token);
            assertThat(log.with(token)).isEmpty();
        }
    }

    @Test
    void aLedgerThatCannotBeWrittenIsSaidToBeTriedAgain() throws Exception {
        serve(AT_REST);
        served.ledger.close();

        assertThat(served.post("/songs", WALTZ)
                        .isProblem(503, "ledger-unavailable")
                        .header("Retry-After"))
                .isPresent();
        served.post("/songs", WALTZ, "Prefer", "wait=5").isProblem(503, "ledger-unavailable");
        served.get("/songs").isProblem(503, "ledger-unavailable");
        served.get("/vendors").isProblem(503, "ledger-unavailable");
    }

    @Test
    void whatIsDoneIsNotAskedForAgainWhereItsSongCannotBeRead() throws Exception {
        serve(AT_REST);
        served.post("/songs", "{\"id\": \"one\", \"prompt\": \"a\", \"vendor\": \"foxai\"}");
        served.ledger.happenings().onHappening(() -> {
            if (served.ledger.catalog().find("one").orElseThrow().state() == SongState.CANCELLED) {
                served.ledger.close();
            }
        });

        Answered done = served.call("DELETE", "/songs/one", "").isProblem(503, "ledger-unavailable");

        assertThat(done.header("Retry-After")).isEmpty();
        assertThat(done.json().path("detail").asText()).contains("It is done", "Do not repeat");
    }

    @Test
    void aPortThatSomebodyHasIsToldAndNothingIsStarted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran = Ran.camelody(
                    "run", "--sandbox", "--home", home, "--property", "camelody.http.port=" + taken.getLocalPort());

            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err())
                    .contains(
                            "Could not listen on port " + taken.getLocalPort() + " of 127.0.0.1",
                            "in use",
                            "camelody.http.port")
                    .doesNotContain("Watching");
        }
    }

    private CompletableFuture<Answered> waiting(String request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return served.post("/songs", request, "Prefer", "wait=600");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                work -> new Thread(work).start());
    }

    private void serve(String... settings) {
        served = new Served(home, settings);
    }

    private List<String> ids(String query) throws Exception {
        List<String> ids = new ArrayList<>();
        Answered page = served.get("/songs" + query);
        assertThat(page.status()).as(page.json().toString()).isEqualTo(200);
        page.json().path("songs").forEach(song -> ids.add(song.path("id").asText()));
        return ids;
    }
}
