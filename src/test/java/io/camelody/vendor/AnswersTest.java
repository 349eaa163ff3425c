package io.camelody.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.settings.VendorSettings;
import io.camelody.testkit.BrokenVendor;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.SongSchema;
import io.camelody.testkit.TestCamel;
import io.camelody.testkit.TestVendors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.DefaultExchange;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswersTest {

    @RegisterExtension
    static final BrokenVendor VENDOR = new BrokenVendor();

    private static final CamelContext CAMEL = TestCamel.context();

    private static final VendorSettings FOXAI = TestVendors.vendor("foxai", "api-key=sk-123");

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    // ---- a paid call that was taken

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'taskId': 't1'}",
                "{'taskIds': ['t1']}",
                "{'taskIds': ['t1', 't1', '']}",
                "{'taskId': 't1', 'status': 'queued'}",
                "{'taskId': 't1', 'error': null}"
            })
    void aTaskIdIsTaken(String body) {
        assertThat(submitted(json(body))).isEqualTo(new SubmitAnswer.Taken(List.of("t1")));
    }

    @Test
    void aNumberIsATaskIdToo() {
        assertThat(submitted(json("{'taskId': 12345678901234}")))
                .isEqualTo(new SubmitAnswer.Taken(List.of("12345678901234")));
        assertThat(submitted(json("{'taskIds': [1, 2, {'id': 3}, true]}")))
                .isEqualTo(new SubmitAnswer.Taken(List.of("1", "2")));
    }

    @Test
    void aRouteMayLeaveTextAMapAStreamOrATree() {
        String text = "{\"taskId\": \"t1\"}";
        SubmitAnswer expected = new SubmitAnswer.Taken(List.of("t1"));

        assertThat(submitted(text)).isEqualTo(expected);
        assertThat(submitted(Map.of("taskId", "t1"))).isEqualTo(expected);
        assertThat(submitted(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
        assertThat(submitted(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'taskId': null}",
                "{'taskId': ' '}",
                "{'taskIds': []}",
                "{'taskIds': [null, '']}",
                "{'taskId': {'id': 't1'}}",
                "[]",
                "'t1'",
                "{'status': 'running'}"
            })
    void anAnswerWithoutATaskIdIsUnknown(String body) {
        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) submitted(json(body));

        assertThat(no.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(no.error().message()).isEqualTo("The vendor answered without a task id.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Bad gateway</html>", "", "{\"taskId\": "})
    void aPageOrACutAnswerIsUnknown(String body) {
        Exchange exchange = exchange(body);
        exchange.setVariable("answer", body);

        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI);

        assertThat(no.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(no.rawAnswer()).contains(body);
    }

    @Test
    void noBodyIsUnknown() {
        assertThat(((SubmitAnswer.NotTaken) submitted(null)).error().errorClass())
                .isEqualTo(ErrorClass.UNKNOWN);
    }

    @Test
    void anEndedTaskIsAnAnswerToo() {
        SubmitAnswer.Ended ended =
                (SubmitAnswer.Ended) submitted(json("{'status': 'succeeded', 'lyrics': 'la la', 'title': ''}"));

        assertThat(ended.task().lyrics()).contains("la la");
        assertThat(ended.task().title()).isEmpty();
        assertThat(ended.task().taskId()).isEmpty();
    }

    @Test
    void aTaskThatFailedAtOnceHasItsError() {
        SubmitAnswer.Ended ended = (SubmitAnswer.Ended)
                submitted(json("{'status': 'failed', 'error': {'class': 'content', 'message': 'no'}}"));

        assertThat(ended.task().error().orElseThrow().errorClass()).isEqualTo(ErrorClass.CONTENT);
    }

    // ---- errors as a vendor's file writes them

    @ParameterizedTest
    @CsvSource({
        "rate, RATE",
        "credits, CREDITS",
        "auth, AUTH",
        "content, CONTENT",
        "invalid, INVALID",
        "transient, TRANSIENT",
        "unknown, UNKNOWN",
        "overload, UNKNOWN"
    })
    void anErrorHasTheClassThatTheVendorsFileGives(String word, ErrorClass errorClass) {
        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken)
                submitted(json("{'error': {'class': '" + word + "', 'message': 'HTTP 4xx words'}}"));

        assertThat(no.error()).isEqualTo(new VendorError(errorClass, "HTTP 4xx words", Optional.empty()));
    }

    @Test
    void anErrorWithoutClassOrWordsIsUnknown() {
        assertThat(((SubmitAnswer.NotTaken) submitted(json("{'error': {}}"))).error())
                .isEqualTo(new VendorError(ErrorClass.UNKNOWN, "no reason given", Optional.empty()));
        assertThat(((SubmitAnswer.NotTaken) submitted(json("{'error': 'words alone'}"))).error())
                .isEqualTo(new VendorError(ErrorClass.UNKNOWN, "words alone", Optional.empty()));
    }

    @Test
    void anErrorBringsTheTimeToWaitWithIt() {
        Exchange exchange = exchange(json("{'error': {'class': 'rate', 'message': 'slow'}}"));
        exchange.setVariable("retryAfter", 42L);

        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI);

        assertThat(no.error().retryAfter()).contains(Duration.ofSeconds(42));
    }

    @Test
    void longWordsAreCutAndPutOnOneLine() {
        String words = "a\n\t b" + "x".repeat(600);

        String message = ((SubmitAnswer.NotTaken)
                        submitted(Json.object().set("error", Json.object().put("message", words))))
                .error()
                .message();

        assertThat(message).startsWith("a bxxx").endsWith("x…").hasSize(501);
    }

    // ---- exceptions

    static List<Exception> beforeAnythingWasSent() {
        return List.of(
                new ConnectException("Connection refused"),
                new UnknownHostException("api.foxai.example"),
                new NoRouteToHostException("no route"),
                new ConnectTimeoutException("connect timed out"),
                new ConnectionRequestTimeoutException("no connection free"),
                new SSLHandshakeException("certificate has expired"),
                new IllegalStateException("wrapped", new ConnectException("Connection refused")));
    }

    @ParameterizedTest
    @MethodSource("beforeAnythingWasSent")
    void aCallThatNeverConnectedBoughtNothing(Exception thrown) {
        assertThat(failed(thrown).errorClass()).isEqualTo(ErrorClass.TRANSIENT);
    }

    static List<Exception> afterItMayHaveBeenSent() {
        return List.of(
                new SocketTimeoutException("Read timed out"),
                new SocketException("Connection reset"),
                new NoHttpResponseException("failed to respond"),
                new IOException("cut", new ConnectException("of another call")),
                new IllegalStateException("the answer could not be mapped"));
    }

    @ParameterizedTest
    @MethodSource("afterItMayHaveBeenSent")
    void aCallThatMayHaveArrivedIsUnknown(Exception thrown) {
        assertThat(failed(thrown).errorClass()).isEqualTo(ErrorClass.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID",
        "401, AUTH",
        "402, CREDITS",
        "403, AUTH",
        "404, TRANSIENT",
        "410, TRANSIENT",
        "408, UNKNOWN",
        "409, UNKNOWN",
        "422, INVALID",
        "429, RATE",
        "451, CONTENT",
        "302, UNKNOWN",
        "500, UNKNOWN",
        "502, UNKNOWN",
        "503, UNKNOWN"
    })
    void anHttpErrorThatNoVendorsFileReadIsReadByItsStatus(int status, ErrorClass errorClass) {
        VendorError error = failed(http(status, "sk-123 is no key"));

        assertThat(error.errorClass()).isEqualTo(errorClass);
        assertThat(error.message()).isEqualTo("HTTP " + status);
    }

    @Test
    void aRouteThatFailedBeforeItCalledAnybodyBoughtNothing() {
        Exchange exchange = exchange(null);
        CallWatch.watch(exchange);
        exchange.setException(new IllegalStateException("jq: no such field"));

        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI);

        assertThat(no.error().errorClass()).isEqualTo(ErrorClass.TRANSIENT);
        assertThat(no.error().message()).contains("before it called the vendor").contains("no such field");
    }

    @Test
    void aRouteThatFailedAfterItsCallIsUnknownAlsoSeenFromACopy() {
        Exchange exchange = exchange(null);
        CallWatch.watch(exchange);
        Exchange copy = exchange.copy();
        sent(copy, "direct:camelody-foxai-song-submit");
        exchange.setException(new IllegalStateException("mapping"));
        assertThat(((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI))
                        .error()
                        .errorClass())
                .isEqualTo(ErrorClass.TRANSIENT);

        sent(copy, "http://127.0.0.1:9/music");

        assertThat(((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI))
                        .error()
                        .errorClass())
                .isEqualTo(ErrorClass.UNKNOWN);
    }

    static List<Exception> onceTheRequestIsWritten() {
        return List.of(new ConnectException("Connection reset"), new SSLHandshakeException("bad certificate"));
    }

    @ParameterizedTest
    @MethodSource("onceTheRequestIsWritten")
    void whatTheCallSaysAfterItLeftIsNotBelieved(Exception thrown) throws IOException {
        VendorError error;
        try (CloseableHttpClient client = breakingBehindTheRequest(thrown)) {
            error = failed(catchThrowableOfType(
                    IOException.class, () -> client.execute(new HttpGet(VENDOR.url()), answer -> null)));
        }

        assertThat(VENDOR.heard()).hasSize(1);
        assertThat(error.errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(error.message()).contains(thrown.getMessage());
    }

    static List<Exception> ofASecondCall() {
        return List.of(
                new ConnectException("Connection refused"),
                new NotSentException(new SSLHandshakeException("certificate has expired")),
                http(429, "{}"));
    }

    @ParameterizedTest
    @MethodSource("ofASecondCall")
    void onlyTheFirstCallOfARouteCanSayThatNothingWasBought(Exception thrown) {
        Exchange exchange = exchange(null);
        CallWatch.watch(exchange);
        exchange.setException(thrown);
        sent(exchange, "http://127.0.0.1:9/song");
        sent(exchange, "direct:camelody-vendor-answer");
        VendorError first = ((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI)).error();

        sent(exchange, "http://127.0.0.1:9/confirm");
        VendorError second = ((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI)).error();

        assertThat(first.errorClass()).isIn(ErrorClass.TRANSIENT, ErrorClass.RATE);
        assertThat(second.errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(second.message()).endsWith(first.message());
    }

    @Test
    void noVendorsFileCanSayItOfASecondCallEither() {
        Exchange exchange = exchange(json("{'error': {'class': 'rate', 'message': 'slow down'}}"));
        CallWatch.watch(exchange);
        sent(exchange, "http://127.0.0.1:9/song");
        sent(exchange, "http://127.0.0.1:9/confirm");

        assertThat(((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI))
                        .error()
                        .errorClass())
                .isEqualTo(ErrorClass.UNKNOWN);
    }

    // ---- status calls

    @Test
    void aStatusAnswerGivesItsTasksById() {
        Map<String, TaskAnswer> tasks = polled(
                json(
                        "[{'taskId': 't1', 'status': 'running'}, {'status': 'running'},"
                                + " {'taskId': 't2', 'status': 'succeeded', 'clips': [{'id': 'c1'}, {'id': 'c1'}, {'id': 'c2'}, {}, 'x']}]"));

        assertThat(tasks).containsOnlyKeys("t1", "t2");
        assertThat(tasks.get("t1").isKnown()).isTrue();
        assertThat(tasks.get("t1").hasEnded()).isFalse();
        assertThat(tasks.get("t2").hasEnded()).isTrue();
        assertThat(tasks.get("t2").clips().toString())
                .as("no clip twice")
                .isEqualTo("[{\"id\":\"c1\"},{\"id\":\"c2\"},{}]");
    }

    /** A vendor that could say where a clip's file is would have any file of this machine handed out. */
    @Test
    void aVendorDoesNotSayWhatBecameOfAClipHere() {
        String clip =
                "{'id': 'c1', 'duration': 2, 'own': 'x', 'places': {'file': '/etc/passwd'}, 'file': 'passwd', 'bytes': 1,"
                        + " 'sha256': 'ab', 'seconds': 1, 'image': 'shadow', 'imageError': 'e', 'error': 'e', 'errorKind': 'cut'}";

        TaskAnswer task = polled(json("[{'taskId': 't1', 'status': 'succeeded', 'clips': [" + clip + "]}]"))
                .get("t1");

        assertThat(task.clips().toString()).isEqualTo("[{\"id\":\"c1\",\"duration\":2,\"own\":\"x\"}]");
    }

    @Test
    void whatIsTextInASongsDocumentIsTextWhateverTheVendorWrites() {
        ObjectNode clip = Json.object();
        SongSchema.textMembersOfClips().forEach(member -> clip.put(member, 1));
        ObjectNode yes = Json.object().put("id", 2).put("style", true).put("createdAt", 1763632800);
        ObjectNode task = Json.object().put("taskId", "t1").put("status", "succeeded");
        task.putArray("clips").add(clip).add(yes);

        JsonNode clips =
                polled(Json.MAPPER.createArrayNode().add(task)).get("t1").clips();

        assertThat(clips.get(0)).isNotEmpty().allSatisfy(value -> assertThat(value.textValue())
                .isEqualTo("1"));
        assertThat(clips.get(1)).isEqualTo(json("{'id': '2', 'style': 'true', 'createdAt': 1763632800}"));
        SongSchema.demand(SongSchema.song().set("clips", clips));
    }

    @Test
    void aTaskWithoutAStatusIsNotKnown() {
        TaskAnswer task = polled(json("[{'taskId': 't1'}]")).get("t1");

        assertThat(task.status()).isEqualTo("none");
        assertThat(task.isKnown()).isFalse();
    }

    @Test
    void clipsThatStreamAreStillGrowing() {
        assertThat(polled(json("[{'taskId': 't1', 'status': 'succeeded', 'clips': [{'status': 'streaming'}]}]"))
                        .get("t1")
                        .isSettling())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'taskId': 't1'}", "'<html>'", "null"})
    void aStatusAnswerThatIsNoListIsNone(String body) {
        assertThatThrownBy(() -> polled(json(body)))
                .isInstanceOf(VendorCallException.class)
                .hasMessage("The status answer is not a list of tasks.");
    }

    @Test
    void aPageInsteadOfAStatusAnswerIsNone() {
        assertThatThrownBy(() -> polled("<html>Bad gateway</html>")).isInstanceOf(VendorCallException.class);
    }

    @Test
    void aStatusCallThatFailedSaysWhetherTheTaskIsUnknown() {
        Exchange notFound = exchange(json("{'error': {'class': 'invalid', 'message': 'no such task'}}"));
        notFound.setVariable("notFound", true);
        Exchange busy = exchange(json("{'error': {'class': 'rate', 'message': 'busy'}}"));
        busy.setVariable("notFound", false);
        busy.setVariable("retryAfter", 7L);

        assertThatThrownBy(() -> Answers.ofPoll(notFound, FOXAI))
                .isInstanceOfSatisfying(VendorCallException.class, e -> assertThat(e.isNotFound())
                        .isTrue());
        assertThatThrownBy(() -> Answers.ofPoll(busy, FOXAI)).isInstanceOfSatisfying(VendorCallException.class, e -> {
            assertThat(e.isNotFound()).isFalse();
            assertThat(e.error().retryAfter()).contains(Duration.ofSeconds(7));
        });
    }

    @ParameterizedTest
    @CsvSource({"{}, true", "<html>, false", "'', false"})
    void notFoundThatNoVendorsFileReadIsTheVendorsWordOnlyAsJson(String body, boolean notFound) {
        Exchange exchange = exchange(null);
        exchange.setException(http(404, body));

        assertThatThrownBy(() -> Answers.ofPoll(exchange, FOXAI))
                .isInstanceOfSatisfying(VendorCallException.class, e -> assertThat(e.isNotFound())
                        .isEqualTo(notFound));
    }

    // ---- the key

    @Test
    void aKeyThatTheVendorRepeatsIsKeptNowhere() {
        Exchange exchange = exchange(json("{'error': {'class': 'auth', 'message': 'Invalid key sk-123'}}"));
        exchange.setVariable("answer", "{\"message\": \"Invalid key sk-123\"}");

        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI);

        assertThat(no.error().message()).isEqualTo("Invalid key ***");
        assertThat(no.rawAnswer()).contains("{\"message\": \"Invalid key ***\"}");
        assertThat(no.toString()).doesNotContain("sk-123");
    }

    @Test
    void aKeyInAnExceptionIsKeptNowhere() {
        assertThat(failed(new IOException("GET https://foxai?key=sk-123 failed"))
                        .message())
                .isEqualTo("IOException: GET https://foxai?key=*** failed");
    }

    @Test
    void aKeyInAStatusAnswerIsKeptNowhere() {
        Exchange exchange = exchange(json("{'error': {'class': 'auth', 'message': 'Invalid key sk-123'}}"));

        assertThatThrownBy(() -> Answers.ofPoll(exchange, FOXAI)).hasMessage("Invalid key ***");
        assertThat(polled(json("[{'taskId': 't1', 'status': 'bad key sk-123', 'error': 'key sk-123 expired'}]"))
                        .toString())
                .doesNotContain("sk-123");
    }

    @Test
    void aKeyIsNotCutInHalfBeforeItIsFound() {
        String words = "x".repeat(497) + "sk-123";

        Exchange exchange = exchange(null);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, http(401, words));
        new HttpErrors(new SettableClock()).layOut(exchange);
        String text = exchange.getMessage().getBody(JsonNode.class).path("text").textValue();
        exchange.getMessage().setBody(Json.object().set("error", Json.object().put("message", text)));

        assertThat(((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI))
                        .error()
                        .message())
                .doesNotContain("sk-");
    }

    @Test
    void whereTheVendorMayCallBackIsKeptNowhereHoweverItIsWritten() {
        String token = "fA3_x-0123456789abcdefghijklmnop";
        String url = "https://songs.example/callbacks/foxai/" + token;
        Exchange exchange =
                exchange(json("{'error': {'class': 'invalid', 'message': 'Bad callback_url " + url + "'}}"));
        exchange.setVariable("callbackUrl", url);
        exchange.setVariable("answer", "{\"callback_url\": \"" + url.replace("/", "\\/") + "\"}");

        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI);

        assertThat(no.error().message()).isEqualTo("Bad callback_url ***");
        assertThat(no.rawAnswer().orElseThrow()).contains("songs.example").doesNotContain(token);

        exchange.setException(new IOException("POST with " + url + " failed"));
        assertThat(Answers.ofSubmit(exchange, FOXAI).toString()).doesNotContain(token);
    }

    @Test
    void aVendorWithoutAKeyKeepsItsWords() {
        VendorSettings free = TestVendors.vendor("foxai", "api-key=");
        Exchange exchange = exchange(json("{'error': 'Invalid key sk-123'}"));

        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, free);

        assertThat(no.error().message()).isEqualTo("Invalid key sk-123");
    }

    // ---- what the vendor said

    @Test
    void aTaskThatHasEndedHasTheVendorsAnswerWhereThatIsAboutItAlone() {
        String ended = "{'taskId': 't1', 'status': 'succeeded', 'clips': [{'id': 'sk-123'}]}";
        Exchange one = exchange(json("[" + ended + "]"));
        one.setVariable("taskIds", "t1");
        one.setVariable("answer", "{\"state\": \"done\", \"key\": \"sk-123\"}" + " ".repeat(5_000));
        Exchange several = exchange(json("[" + ended + ", {'taskId': 't2', 'status': 'running'}]"));
        several.setVariable("taskIds", "t1,t2");
        several.setVariable("answer", "both");

        assertThat(Answers.ofPoll(one, FOXAI).get("t1").raw().orElseThrow())
                .startsWith("{\"state\": \"done\", \"key\": \"***\"}")
                .hasSize(4_000);
        Map<String, TaskAnswer> answers = Answers.ofPoll(several, FOXAI);
        assertThat(Json.parse(answers.get("t1").raw().orElseThrow())).isEqualTo(json(ended.replace("sk-123", "***")));
        assertThat(answers.get("t2").raw()).as("while it goes on").isEmpty();
    }

    // ---- given

    private static SubmitAnswer submitted(Object body) {
        return Answers.ofSubmit(exchange(body), FOXAI);
    }

    private static Map<String, TaskAnswer> polled(Object body) {
        return Answers.ofPoll(exchange(body), FOXAI);
    }

    private static VendorError failed(Exception thrown) {
        Exchange exchange = exchange(null);
        exchange.setException(thrown);
        return ((SubmitAnswer.NotTaken) Answers.ofSubmit(exchange, FOXAI)).error();
    }

    private static void sent(Exchange exchange, String uri) {
        new CallWatch()
                .notify(CAMEL.getManagementStrategy()
                        .getEventFactory()
                        .createExchangeSendingEvent(exchange, CAMEL.getEndpoint(uri)));
    }

    /** A client whose connection says {@code thrown} when the vendor has heard the request. */
    private static CloseableHttpClient breakingBehindTheRequest(Exception thrown) {
        VENDOR.does(BrokenVendor.answer("{}"));
        HttpClientBuilder client = HttpClientBuilder.create();
        new VendorHttp().configureHttpClient(client);
        return client.setRequestExecutor(new HttpRequestExecutor() {
                    @Override
                    public ClassicHttpResponse execute(
                            ClassicHttpRequest request,
                            HttpClientConnection connection,
                            HttpResponseInformationCallback informed,
                            HttpContext context)
                            throws IOException, HttpException {
                        super.execute(request, connection, informed, context);
                        throw (IOException) thrown;
                    }
                })
                .build();
    }

    private static HttpOperationFailedException http(int status, String body) {
        return new HttpOperationFailedException("https://foxai/music", status, "no", null, Map.of(), body);
    }

    private static Exchange exchange(Object body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }
}
