package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camelody.testkit.FakeVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorCallException;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each vendor's file makes of error answers, and that a call is made once whatever the answer: a paid call that is
 * repeated is a second bill.
 */
class VendorErrorsTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    /** In an estate that has HttpClient repeat its calls on 429 and 503. */
    @RegisterExtension
    static final VendorRoutes ROUTES =
            new VendorRoutes(VENDOR.url(), Map.of("camel.component.http.automaticRetriesDisabled", "false"));

    private static final String HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";

    private static final String LYRICS_REQUEST = "{\"writeLyrics\": \"summer\"}";

    private static final String SONG_REQUEST = "{\"lyrics\": \"la\"}";

    /** A status, a body, what it means, and words of the message. */
    private record Case(int status, String body, ErrorClass errorClass, String words) {}

    private static final List<Case> CASES = List.of(
            new Case(400, "{\"message\": \"style is too long\"}", ErrorClass.INVALID, "HTTP 400 style is too long"),
            new Case(
                    400,
                    "{\"error\": {\"code\": 400, \"message\": \"no model\"}}",
                    ErrorClass.INVALID,
                    "HTTP 400 no model"),
            new Case(400, "{\"error\": \"no model\"}", ErrorClass.INVALID, "HTTP 400 no model"),
            new Case(400, "{\"detail\": \"no model\"}", ErrorClass.INVALID, "HTTP 400 no model"),
            new Case(400, "{\"msg\": \"歌词包含敏感词\"}", ErrorClass.CONTENT, "敏感"),
            new Case(400, "{\"message\": \"Your prompt was flagged by moderation\"}", ErrorClass.CONTENT, "moderation"),
            new Case(400, "{\"message\": \"Insufficient credits\"}", ErrorClass.CREDITS, "Insufficient credits"),
            new Case(400, "{\"message\": \"You exceeded your current quota\"}", ErrorClass.CREDITS, "quota"),
            new Case(400, "{\"message\": \"Account balance is too low\"}", ErrorClass.CREDITS, "balance"),
            new Case(400, "{\"message\": \"Too many running tasks\"}", ErrorClass.RATE, "running tasks"),
            new Case(400, "{\"message\": \"密钥无效\"}", ErrorClass.AUTH, "密钥"),
            // what they quote of a request is nobody else's business
            new Case(400, "{\"message\": \"'keep your balance' is too long\"}", ErrorClass.INVALID, "balance"),
            new Case(400, "{\"message\": \"'credits roll, too fast' is too long\"}", ErrorClass.INVALID, "credits"),
            new Case(400, "{\"message\": \"too many tags\"}", ErrorClass.INVALID, "too many tags"),
            new Case(400, "{\"message\": \"歌词过长: 你是我的密钥\"}", ErrorClass.INVALID, "密钥"),
            new Case(400, "", ErrorClass.INVALID, "HTTP 400"),
            new Case(401, "{\"message\": \"Missing API key.\"}", ErrorClass.AUTH, "HTTP 401 Missing API key."),
            new Case(401, "{\"message\": \"too many wrong tokens\"}", ErrorClass.AUTH, "too many wrong tokens"),
            new Case(402, "{\"message\": \"your copyright balance\"}", ErrorClass.CREDITS, "balance"),
            new Case(402, "pay first", ErrorClass.CREDITS, "HTTP 402 pay first"),
            new Case(403, "{\"message\": \"Forbidden\"}", ErrorClass.AUTH, "HTTP 403 Forbidden"),
            new Case(403, "{\"message\": \"Flagged by moderation\"}", ErrorClass.CONTENT, "moderation"),
            new Case(403, "{\"message\": \"账户余额不足\"}", ErrorClass.CREDITS, "余额"),
            new Case(404, "{\"message\": \"No such path\"}", ErrorClass.INVALID, "HTTP 404 No such path"),
            // not the vendor's words, but those of what stands before it
            new Case(404, HTML, ErrorClass.TRANSIENT, "HTTP 404 <!DOCTYPE html>"),
            new Case(404, "404 page not found", ErrorClass.TRANSIENT, "HTTP 404 404 page not found"),
            new Case(405, HTML, ErrorClass.TRANSIENT, "HTTP 405"),
            new Case(405, "{\"message\": \"no POST\"}", ErrorClass.INVALID, "no POST"),
            new Case(410, "", ErrorClass.TRANSIENT, "HTTP 410"),
            new Case(408, "", ErrorClass.UNKNOWN, "HTTP 408"),
            new Case(413, HTML, ErrorClass.INVALID, "HTTP 413"),
            new Case(415, "{}", ErrorClass.INVALID, "HTTP 415"),
            new Case(422, "{\"detail\": [{\"loc\": [\"body\", \"tags\"]}]}", ErrorClass.INVALID, "\"tags\""),
            new Case(429, "{\"message\": \"Slow down\"}", ErrorClass.RATE, "HTTP 429 Slow down"),
            new Case(429, "", ErrorClass.RATE, "HTTP 429"),
            new Case(429, "{\"message\": \"quota exceeded\"}", ErrorClass.CREDITS, "quota exceeded"),
            new Case(429, "{\"message\": \"sensitive words\"}", ErrorClass.CONTENT, "sensitive words"),
            new Case(451, "", ErrorClass.CONTENT, "HTTP 451"),
            new Case(451, "{\"message\": \"out of credits\"}", ErrorClass.CONTENT, "HTTP 451"),
            new Case(500, "{\"message\": \"internal error\"}", ErrorClass.UNKNOWN, "HTTP 500 internal error"),
            new Case(500, "{\"message\": \"too many requests\"}", ErrorClass.UNKNOWN, "too many requests"),
            new Case(502, HTML, ErrorClass.UNKNOWN, "HTTP 502 <!DOCTYPE html>"),
            new Case(503, "", ErrorClass.UNKNOWN, "HTTP 503"),
            new Case(504, "", ErrorClass.UNKNOWN, "HTTP 504"),
            new Case(418, "[]", ErrorClass.UNKNOWN, "HTTP 418"));

    static Stream<Arguments> cases() {
        return Stream.of("senseaudio", "sunomusic", "foxai")
                .flatMap(vendor -> CASES.stream().map(each -> Arguments.of(vendor, each)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anErrorAnswerHasItsMeaningAndThePaidCallIsMadeOnce(String vendor, Case given) {
        VENDOR.answers(given.status(), given.body());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);

        assertThat(VENDOR.heardOnce().method()).isEqualTo("POST");
        assertThat(submit.error().errorClass()).isEqualTo(given.errorClass());
        assertThat(submit.error().message()).contains(given.words());
        assertThat(submit.error().retryAfter()).isEmpty();
        assertThat(submit.rawAnswer().orElse("")).isEqualTo(given.body());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStatusCallThatFailsSaysHow(String vendor, Case given) {
        VENDOR.answers(given.status(), given.body());

        VendorCallException failure =
                catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

        assertThat(VENDOR.heardOnce().method()).isEqualTo("GET");
        assertThat(failure.error().errorClass()).isEqualTo(given.errorClass());
        assertThat(failure).hasMessageContaining(given.words());
        assertThat(failure.isNotFound())
                .isEqualTo(given.status() == 404 && given.body().startsWith("{"));
    }

    /** Answers with HTTP 200 and no task. */
    static Stream<Arguments> failuresWith200() {
        List<Case> cases = List.of(
                new Case(200, "{\"code\": 429, \"message\": \"slow down\"}", ErrorClass.RATE, "slow down"),
                new Case(200, "{\"code\": \"402\", \"msg\": \"pay\"}", ErrorClass.CREDITS, "pay"),
                new Case(200, "{\"code\": 401, \"message\": \"who?\"}", ErrorClass.AUTH, "who?"),
                new Case(200, "{\"code\": 403, \"message\": \"no\"}", ErrorClass.AUTH, "no"),
                new Case(200, "{\"code\": 400, \"message\": \"too long\"}", ErrorClass.INVALID, "too long"),
                new Case(200, "{\"code\": 5001, \"message\": \"Insufficient credits\"}", ErrorClass.CREDITS, "credits"),
                new Case(200, "{\"code\": 451}", ErrorClass.CONTENT, "451"),
                new Case(200, "{\"error\": {\"code\": 429, \"message\": \"slow\"}}", ErrorClass.RATE, "HTTP 200 slow"),
                new Case(200, "{\"error\": \"Flagged by moderation\"}", ErrorClass.CONTENT, "moderation"),
                new Case(200, "{\"success\": false, \"message\": \"Invalid API key\"}", ErrorClass.AUTH, "API key"),
                new Case(200, "{\"success\": false, \"message\": \"oops\"}", ErrorClass.UNKNOWN, "oops"),
                new Case(200, "{\"code\": 500, \"message\": \"too many\"}", ErrorClass.UNKNOWN, "too many"),
                new Case(200, "{\"code\": 503, \"message\": \"out of credits\"}", ErrorClass.UNKNOWN, "credits"),
                new Case(200, "{\"code\": 1003, \"message\": \"内容包含敏感词\"}", ErrorClass.CONTENT, "敏感词"),
                new Case(200, "{\"code\": 1001, \"message\": \"余额不足\"}", ErrorClass.CREDITS, "余额不足"),
                new Case(200, "{\"code\": -1, \"message\": \"No credits\"}", ErrorClass.CREDITS, "No credits"),
                new Case(200, "{\"error\": true, \"message\": \"Rate limit\"}", ErrorClass.RATE, "Rate limit"),
                // none of these says that it failed: the song may have been bought
                new Case(200, "{\"code\": 0, \"message\": \"12 credits left\"}", ErrorClass.UNKNOWN, "12 credits"),
                new Case(200, "{\"code\": \"SUCCESS\", \"message\": \"balance: 5\"}", ErrorClass.UNKNOWN, "balance"),
                new Case(
                        200,
                        "{\"code\": 201, \"message\": \"Created, 12 credits left\"}",
                        ErrorClass.UNKNOWN,
                        "12 credits"),
                new Case(200, "{\"code\": 201, \"message\": \"sensitive words cut\"}", ErrorClass.UNKNOWN, "words cut"),
                new Case(200, "{\"code\": \"0000\", \"msg\": \"余额 12\"}", ErrorClass.UNKNOWN, "余额 12"),
                new Case(200, "{\"code\": 1, \"message\": \"ok, balance: 5\"}", ErrorClass.UNKNOWN, "balance: 5"),
                new Case(200, "{\"error\": {}, \"message\": \"not enough credits\"}", ErrorClass.UNKNOWN, "credits"),
                new Case(200, "{\"error\": [], \"message\": \"not enough credits\"}", ErrorClass.UNKNOWN, "credits"),
                new Case(200, "{\"error\": 0, \"message\": \"not enough credits\"}", ErrorClass.UNKNOWN, "credits"),
                new Case(200, "{\"error\": null, \"message\": \"too many\"}", ErrorClass.UNKNOWN, "too many"),
                new Case(200, "{\"message\": \"sensitive words were left out\"}", ErrorClass.UNKNOWN, "left out"));
        return Stream.of("senseaudio", "sunomusic", "foxai")
                .flatMap(vendor -> cases.stream().map(each -> Arguments.of(vendor, each)));
    }

    @ParameterizedTest
    @MethodSource("failuresWith200")
    void aFailureThatComesWith200IsReadAsOneAndWhatIsNotClearlyOneIsUnknown(String vendor, Case given) {
        VENDOR.answers(given.body()).answers(given.body());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);
        VendorCallException poll =
                catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

        assertThat(VENDOR.heard()).hasSize(2);
        assertThat(submit.error().errorClass()).isEqualTo(given.errorClass());
        assertThat(submit.error().message()).contains(given.words());
        assertThat(submit.rawAnswer()).contains(given.body());
        assertThat(poll.error().errorClass()).isEqualTo(given.errorClass());
        assertThat(poll).hasMessageContaining(given.words());
    }

    @ParameterizedTest
    @MethodSource("failuresWith200")
    void lyricsFailWith200AsSongsDo(String vendor, Case given) {
        if (!vendor.equals("senseaudio")) {
            return;
        }
        VENDOR.answers(given.body()).answers(given.body());

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitLyrics(vendor, LYRICS_REQUEST);
        VendorCallException poll =
                catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "lyrics", "t1"));

        assertThat(submit.error().errorClass()).isEqualTo(given.errorClass());
        assertThat(poll.error().errorClass()).isEqualTo(given.errorClass());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 503})
    void lyricsFailAsSongsDo(int status) {
        VENDOR.answers(status, "", "Retry-After", "7").answers(status, "", "Retry-After", "7");

        VendorError submit = ((SubmitAnswer.NotTaken) ROUTES.submitLyrics("senseaudio", LYRICS_REQUEST)).error();
        VendorError poll = catchThrowableOfType(
                        VendorCallException.class, () -> ROUTES.poll("senseaudio", "lyrics", "t1"))
                .error();

        assertThat(VENDOR.heard()).hasSize(2);
        assertThat(submit.errorClass()).isEqualTo(status == 401 ? ErrorClass.AUTH : ErrorClass.RATE);
        assertThat(poll.errorClass()).isEqualTo(submit.errorClass());
        assertThat(submit.retryAfter()).contains(Duration.ofSeconds(7));
    }

    static Stream<Arguments> waits() {
        return Stream.of("senseaudio", "sunomusic", "foxai").flatMap(vendor -> Stream.of(429, 503)
                .flatMap(status -> Stream.of(
                        Arguments.of(vendor, status, "3", 3),
                        Arguments.of(vendor, status, "0", 0),
                        Arguments.of(vendor, status, "Fri, 20 Nov 2026 10:01:30 GMT", 90),
                        Arguments.of(vendor, status, "Fri, 20 Nov 2026 09:00:00 GMT", 0),
                        Arguments.of(vendor, status, "86400", 3_600),
                        Arguments.of(vendor, status, "99999999999999999999", 3_600),
                        Arguments.of(vendor, status, "Fri, 20 Nov 2099 10:00:00 GMT", 3_600))));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void theVendorSaysHowLongToWaitInSecondsOrAsADate(String vendor, int status, String retryAfter, int seconds) {
        VENDOR.answers(status, "{}", "Retry-After", retryAfter).answers(status, "{}", "Retry-After", retryAfter);

        VendorError submit = ((SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST)).error();
        VendorError poll = catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"))
                .error();

        assertThat(VENDOR.heard()).hasSize(2);
        assertThat(submit.errorClass()).isEqualTo(ErrorClass.RATE);
        assertThat(submit.retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(seconds)));
        assertThat(poll.retryAfter()).isEqualTo(submit.retryAfter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aWaitThatCannotBeReadIsNone(String vendor) {
        VENDOR.answers(429, "", "Retry-After", "soon");

        VendorError error = ((SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST)).error();

        assertThat(error.errorClass()).isEqualTo(ErrorClass.RATE);
        assertThat(error.retryAfter()).isEmpty();
    }

    static Stream<Arguments> noAnswers() {
        return Stream.of("senseaudio", "sunomusic", "foxai").flatMap(vendor -> Stream.of(
                        HTML, "", "   ", "null", "[]", "\"ok\"", "{\"task_id\": null}", "{\"task_id\":")
                .map(body -> Arguments.of(vendor, body)));
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void aPaidCallWithAnAnswerThatNamesNoTaskIsInDoubtAndTheAnswerIsKept(String vendor, String body) {
        VENDOR.answers(200, body, "Content-Type", "text/html");

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);

        VENDOR.heardOnce();
        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(submit.rawAnswer().orElse("")).isEqualTo(body);
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void lyricsToo(String vendor, String body) {
        if (!vendor.equals("senseaudio")) {
            return;
        }
        VENDOR.answers(200, body, "Content-Type", "text/html");

        SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitLyrics(vendor, LYRICS_REQUEST);

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(submit.rawAnswer().orElse("")).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aStatusAnswerThatIsNoneEndsNothing(String vendor) {
        for (String body : List.of(HTML, "", "\"ok\"", "{\"data\":")) {
            VENDOR.answers(200, body, "Content-Type", "text/html");

            VendorCallException failure =
                    catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

            assertThat(failure).as(body).isNotNull();
            assertThat(failure.error().errorClass()).as(body).isEqualTo(ErrorClass.UNKNOWN);
            assertThat(failure.mayLieInOneTask()).as(body).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void aRedirectIsNotFollowedAndTheKeyStaysHere(String vendor) {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            VENDOR.answers(status, "", "Location", VENDOR.url() + "/elsewhere")
                    .answers(status, "", "Location", VENDOR.url() + "/elsewhere");

            SubmitAnswer.NotTaken submit = (SubmitAnswer.NotTaken) ROUTES.submitSong(vendor, SONG_REQUEST);
            VendorCallException poll =
                    catchThrowableOfType(VendorCallException.class, () -> ROUTES.poll(vendor, "song", "t1"));

            assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
            assertThat(poll.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        }
        assertThat(VENDOR.heard()).hasSize(10).noneMatch(call -> call.path().contains("elsewhere"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 500})
    void noKeyIsLeftOnTheExchange(int status) {
        for (String vendor : List.of("senseaudio", "sunomusic", "foxai")) {
            VENDOR.answers(status, "{\"task_id\": \"t1\", \"data\": []}", "X-Echo", "of the vendor")
                    .answers(status, "[]");

            Exchange submit = ROUTES.sendSubmit(vendor, "song", ROUTES.body(vendor, SONG_REQUEST), Map.of());
            Exchange poll = ROUTES.sendPoll(vendor, "song", Map.of(), "t1");

            for (Exchange exchange : List.of(submit, poll)) {
                assertThat(exchange.getMessage().getHeaders() + " " + exchange.getVariables())
                        .doesNotContain(VendorRoutes.key(vendor), "X-Echo");
            }
        }
    }
}
