package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.camelody.wiring.BrokenRouteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A vendor's file that keeps the contract, broken in one place at a time: what the check says, and at which line. */
@Timeout(120)
class ContractCheckTest {

    @TempDir
    Path home;

    private Path file;

    @BeforeEach
    void start() {
        assertThat(camelody("new", "vendor", "acme", "--home", home).code()).isZero();
        file = home.resolve("routes/vendors/acme.camel.yaml");
    }

    /** What is exchanged in the file, the line that is to blame, and what is said. */
    static Stream<Arguments> faults() {
        return Stream.of(
                fault(
                        "a word of the vendor is not mapped",
                        "done: \"succeeded\", ",
                        "",
                        "id: camelody-acme-song-poll-map",
                        "song-poll left status \"done\" for sample poll-done; expected \"succeeded\". Map the vendor's word in this step."),
                fault(
                        "a member is mapped from another",
                        "audioUrl: .audio_url",
                        "audioUrl: .url",
                        "id: camelody-acme-song-poll-map",
                        "song-poll left clips[0].audioUrl nothing for sample poll-done; expected \"https://cdn.example/c-1.mp3\"."),
                fault(
                        "a field of the request is not sent",
                        "title, style, instrumental",
                        "title, instrumental",
                        "note: What the vendor is sent of a request",
                        "song-submit sent style nothing for sample submit-taken; expected \"jazz\". Make the body in this step."),
                fault(
                        "the key is in another header",
                        "name: Authorization",
                        "name: api-key",
                        "id: camelody-acme-song-submit-http",
                        "song-submit sent the header Authorization not at all for sample submit-taken; expected \"Bearer test-key\"."),
                fault(
                        "another path is called",
                        "base-url}}/songs\"",
                        "base-url}}/song\"",
                        "id: camelody-acme-song-submit-http",
                        "song-submit sent the path \"/song\" for sample submit-taken; expected \"/songs\"."),
                fault(
                        "the ids stand under another name",
                        "'\"ids=\" +",
                        "'\"id=\" +",
                        "name: CamelHttpQuery",
                        "song-poll sent the query ids not at all for sample poll-running; expected \"t-1\"."),
                fault(
                        "headers are left",
                        "uri: direct:camelody-vendor-answer",
                        "uri: direct:camelody-acme-text",
                        "id: camelody-acme-song-submit-http",
                        "song-submit left headers ("),
                fault(
                        "a route is called that is not there",
                        "uri: direct:camelody-vendor-answer",
                        "uri: direct:camelody-vendor-answr",
                        "uri: direct:camelody-vendor-answr",
                        "song-submit failed (No consumers available on endpoint: direct://camelody-vendor-answr"),
                fault(
                        "the paid call is made twice",
                        "              httpMethod: POST\n              httpClientConfigurer: \"#camelodyVendorHttp\"\n",
                        "              httpMethod: POST\n              httpClientConfigurer: \"#camelodyVendorHttp\"\n        - to:\n            uri: \"{{camelody.acme.base-url}}/songs?httpMethod=POST\"\n",
                        "uri: \"{{camelody.acme.base-url}}/songs?httpMethod=POST\"",
                        "song-submit made 2 calls for sample submit-taken; expected one."),
                fault(
                        "the id is read from a member that is not there",
                        "{taskId: (objects | .id | strings, numbers)} // {}",
                        "{taskId: (objects | .task | strings, numbers)} // {}",
                        "id: camelody-acme-song-submit-map",
                        "song-submit left taskId nothing for sample submit-taken;"),
                fault(
                        "the list is looked for under another name",
                        "(objects | .songs | type) != \"array\"",
                        "(objects | .song | type) != \"array\"",
                        "- choice:",
                        "song-poll left as a whole "),
                fault(
                        "the paid call may be repeated",
                        "              httpClientConfigurer: \"#camelodyVendorHttp\"\n",
                        "",
                        "id: camelody-acme-song-submit-http",
                        "song-submit called without httpClientConfigurer for HTTP 401; expected \"#camelodyVendorHttp\"."),
                fault(
                        "headers that the route is called with are sent",
                        "        - removeHeaders:\n            pattern: \"*\"\n",
                        "",
                        "id: camelody-acme-song-submit-http",
                        "song-submit sent headers that it was called with for HTTP 401; expected none of them."),
                fault(
                        "any id will do",
                        "{taskId: (objects | .id | strings, numbers)} // {}",
                        "{taskId: (objects | .id | tostring)} // {}",
                        "id: camelody-acme-song-submit-map",
                        "song-submit took \"null\" for the task's id for an answer that is {}; expected {error: {class: \"unknown\"}}."),
                fault(
                        "what brought no id is sent again",
                        "              - to:\n                  uri: direct:camelody-vendor-no-result\n",
                        "              - setBody:\n                  expression:\n                    constant:\n                      expression: '{\"error\": {\"class\": \"transient\"}}'\n",
                        "- setBody:",
                        "song-submit left the class transient for "),
                fault(
                        "every error means that it is too fast",
                        "        - to:\n            uri: direct:camelody-vendor-errors\n",
                        "        - setBody:\n            expression:\n              constant:\n                expression: '{\"error\": {\"class\": \"rate\"}}'\n",
                        "- setBody:",
                        "song-submit left the class rate for HTTP 500; expected unknown. Nobody can know whether the song was bought;"),
                fault(
                        "errors are not taken to the errors route",
                        "    routeConfigurationId: camelody-vendor\n    from:\n      uri: direct\n      parameters:\n        name: camelody-acme-song-submit\n",
                        "    from:\n      uri: direct\n      parameters:\n        name: camelody-acme-song-submit\n",
                        "id: camelody-acme-song-submit-http",
                        "song-submit did not read when to come again for HTTP 429 with Retry-After;"),
                fault(
                        "a word that nobody knows is success",
                        "                       // .status) as $status\n                            | { taskId: .id, status: $status,\n                                error: (if $status != \"failed\" then null\n                                        else {class: \"unknown\", message: (.reason // \"no reason given\" | tostring)} end),\n                                clips",
                        "                       // \"succeeded\") as $status\n                            | { taskId: .id, status: $status,\n                                error: (if $status != \"failed\" then null\n                                        else {class: \"unknown\", message: (.reason // \"no reason given\" | tostring)} end),\n                                clips",
                        "id: camelody-acme-song-poll-map",
                        "song-poll left status \"succeeded\" for a status that nobody knows (\"no-word-of-the-document\"); expected the vendor's own word"),
                fault(
                        "the answer is taken for that of the task that was asked about",
                        "taskId: .id, status: $status,\n                                error",
                        "taskId: variable(\"taskIds\"), status: $status,\n                                error",
                        "id: camelody-acme-song-poll-map",
                        "song-poll left status \"succeeded\" for an answer about another task;"),
                fault(
                        "one odd entry spoils the others",
                        ".songs[] | objects\n",
                        ".songs[]\n",
                        "id: camelody-acme-song-poll-map",
                        "song-poll failed as a whole ("),
                fault(
                        "one odd part of an entry spoils the others",
                        ".clips | arrays | .[]",
                        ".clips | .[]",
                        "id: camelody-acme-song-poll-map",
                        "song-poll failed as a whole ("),
                fault(
                        "no answer is a failure",
                        "                  - to:\n                      uri: direct:camelody-vendor-no-result\n",
                        "                  - transform:\n                      expression:\n                        jq:\n                          expression: '[{taskId: variable(\"taskIds\"), status: \"failed\"}]'\n",
                        "- transform:\n                      expression",
                        "song-poll left status \"failed\" for "),
                fault(
                        "one id alone is asked about",
                        "(map(@uri) | join(\",\"))",
                        "(.[0] | @uri)",
                        "id: camelody-acme-song-poll-http",
                        "song-poll did not ask about task-2 for an answer about 10 tasks;"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void eachFaultIsFoundAtItsLine(String fault, String good, String bad, String step, String words)
            throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(good);
        String broken = text.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad));
        Files.writeString(file, broken + TEXT);

        Ran ran = check("acme");

        assertThat(ran.code()).as(ran.out()).isEqualTo(2);
        int line = lineOf(broken, step);
        assertThat(ran.out())
                .contains("bad   contract    routes/vendors/acme.camel.yaml:%d: %s".formatted(line, words));
        assertThat(ran.out().lines().filter(found -> found.startsWith("bad"))).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void anAddressOutsideOfTheCheckIsNotCalled() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        HttpServer real = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        real.createContext("/", call -> {
            calls.incrementAndGet();
            call.sendResponseHeaders(402, -1);
            call.close();
        });
        real.start();
        String address = "127.0.0.1:" + real.getAddress().getPort();
        String text = Files.readString(file).replaceFirst("\\{\\{camelody.acme.base-url}}/songs", "http://" + address);
        Files.writeString(file, text);
        try {
            assertThatThrownBy(() -> check("acme"))
                    .isInstanceOf(BrokenRouteException.class)
                    .hasMessageContaining("Expected calls at {{camelody.acme.base-url}} alone")
                    .hasMessageContaining("got one at " + address)
                    .hasMessageContaining(file + ", line: ");
            assertThat(calls).hasValue(0);
        } finally {
            real.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void theShippedFilesKeepTheContract(String vendor) {
        Ran ran = check(vendor);

        assertThat(ran.out()).contains("ok    contract    " + vendor + " keeps it", "Nothing is bad.");
    }

    private static final String TEXT =
            """
            - route:
                id: camelody-acme-text
                group: camelody-acme
                description: Leaves the answer as text.
                from:
                  uri: direct
                  parameters:
                    name: camelody-acme-text
                  steps:
                    - convertBodyTo:
                        type: java.lang.String
            """;

    private static Arguments fault(String fault, String good, String bad, String step, String words) {
        return Arguments.of(fault, good, bad, step, words);
    }

    /** Of the step that a text stands in, which begins with a dash. */
    private static int lineOf(String text, String within) {
        List<String> before =
                text.substring(0, text.indexOf(within) + 1).lines().toList();
        for (int i = before.size(); i > 0; i--) {
            if (before.get(i - 1).strip().startsWith("- ")
                    || before.get(i - 1).strip().equals("-")) {
                return i;
            }
        }
        throw new AssertionError(within);
    }

    private Ran check(String vendor) {
        StringWriter out = new StringWriter();
        Findings findings = new Findings(new PrintWriter(out, true));
        Workplace place = read(Map.of());
        new ContractCheck(vendor, this::read, findings).run(place.routes());
        return new Ran(findings.sum(), out.toString(), "");
    }

    private Workplace read(Map<String, String> stronger) {
        Map<String, String> all = new HashMap<>(Map.of("camelody.acme.api-key", "the key"));
        all.putAll(stronger);
        return Workplace.read(home, Map.of(), all);
    }
}
