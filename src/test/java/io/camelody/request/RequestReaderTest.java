package io.camelody.request;

import static io.camelody.request.TestFiles.read;
import static io.camelody.request.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.ndjson", "A.JSONL"})
    void aLineIsARequestAndBlankLinesOnlyCount(String name) {
        Path file = write(
                home.resolve(name), "\ufeff{\"prompt\":\"a\"}\r\n\r\n  \n {\"prompt\":\"b\"} \n{\"prompt\":\"c\"}");

        List<ReadItem> items = read(file);

        assertThat(items).extracting(ReadItem::line).containsExactly(1, 4, 5);
        assertThat(items)
                .extracting(ReadItem::raw)
                .containsExactly("{\"prompt\":\"a\"}", "{\"prompt\":\"b\"}", "{\"prompt\":\"c\"}");
        assertThat(items)
                .extracting(item -> item.json().get("prompt").textValue())
                .containsExactly("a", "b", "c");
        assertThat(items)
                .allMatch(item -> item.unreadable().isEmpty() && item.file().equals(file));
    }

    @Test
    void aBrokenLineCostsItselfAlone() {
        Path file = write(
                home.resolve("a.jsonl"),
                "{\"prompt\":\"a\"}\n{\"prompt\": \"b\n{} {}\n{\"a\":1,\"a\":2}\n{\"prompt\":\"c\"}\n");

        List<ReadItem> items = read(file);

        assertThat(items).extracting(ReadItem::line).containsExactly(1, 2, 3, 4, 5);
        assertThat(items).extracting(item -> item.json() != null).containsExactly(true, false, false, false, true);
        assertThat(items.get(1).raw()).isEqualTo("{\"prompt\": \"b");
        assertThat(message(items.get(1)))
                .startsWith("Expected line 2 to be one JSON object, got: {\"prompt\": \"b (Unexpected end-of-input");
        assertThat(message(items.get(3))).endsWith("(Duplicate field 'a').");
    }

    @Test
    void bytesThatAreNotUtf8SpoilTheirLine() {
        byte[] bytes =
                "{\"prompt\":\"a\"}\n{\"prompt\":\"\u00e4\"}\n{\"prompt\":\"c\"}".getBytes(StandardCharsets.ISO_8859_1);

        List<ReadItem> items = read(write(home.resolve("a.jsonl"), bytes));

        assertThat(items).hasSize(3);
        assertThat(message(items.get(1)))
                .isEqualTo("Expected line 2 to be one JSON object, got: bytes that are not UTF-8.");
        assertThat(items.get(1).raw()).isEqualTo("{\"prompt\":\"\ufffd\"}");
    }

    @Test
    void aLineOverTheLimitIsPassedByAndReadingGoesOn() {
        String longest = line(RequestReader.LIMIT);
        String tooLong = line(RequestReader.LIMIT + 1);
        Path file = write(home.resolve("a.jsonl"), String.join("\n", longest, tooLong, tooLong + tooLong, longest));

        List<ReadItem> items = read(file);

        assertThat(items).extracting(item -> item.json() != null).containsExactly(true, false, false, true);
        assertThat(items.get(1).raw()).isEqualTo(tooLong.substring(0, 1000));
        assertThat(message(items.get(2))).isEqualTo("Expected line 3 to be one JSON object, got: more than 1 MB.");
    }

    @Test
    void aJsonFileIsOneRequestOrAnArrayOfThem() {
        Path one = write(home.resolve("one.json"), "\ufeff {\"prompt\":\n \"a\"}\n");
        Path more = write(home.resolve("more.json"), "[{\"prompt\":\"a\"}, 7,\n {\"prompt\":\"c\"}]");
        Path none = write(home.resolve("none.json"), "[]");

        assertThat(read(one)).singleElement().satisfies(item -> assertThat(item.raw())
                .isEqualTo("{\"prompt\":\"a\"}"));
        assertThat(read(more)).extracting(ReadItem::line).containsExactly(1, 2, 3);
        assertThat(read(more))
                .extracting(ReadItem::raw)
                .containsExactly("{\"prompt\":\"a\"}", "7", "{\"prompt\":\"c\"}");
        assertThat(read(none)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"prompt\":\"a\"},{\"prompt\":\"b\"}", "[{\"prompt\":\"a\"},{\"prompt\":\"b\"},]",
                        "[{\"prompt\":\"a\"},{\"prompt\":\"b\"},{\"x\":",
                "[{\"prompt\":\"a\"},{\"prompt\":\"b\"}}", "[{\"prompt\":\"a\"},{\"prompt\":\"b\"}] x",
                        "[{\"prompt\":\"a\"},{\"prompt\":\"b\"} {}]",
                "[{\"prompt\":\"a\"},{\"prompt\":\"b\"},{\"x\":1,\"x\":2},{}]"
            })
    void ofABrokenArrayTheElementsBeforeTheBreakAreRead(String text) {
        List<ReadItem> items = read(write(home.resolve("a.json"), text));

        assertThat(items).extracting(ReadItem::line).containsExactly(1, 2, 3);
        assertThat(items.get(1).json()).isNotNull();
        assertThat(items.get(2).json()).isNull();
        assertThat(message(items.get(2))).startsWith("Expected a.json to be a JSON object or an array of them, got: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{", "}", "]", "[", "{}{}", "{\"a\":1}\n{\"a\":2}\n", "hello"})
    void aBrokenJsonFileIsOneProblem(String text) {
        assertThat(read(write(home.resolve("a.json"), text)))
                .singleElement()
                .satisfies(item -> assertThat(item.unreadable()).isPresent());
    }

    @Test
    void jsonLinesInAJsonFileAreToldTheRightName() {
        assertThat(message(read(write(home.resolve("a.json"), "{}\n{}\n")).get(0)))
                .isEqualTo(
                        "Expected a.json to be a JSON object or an array of them, got: something after the first object."
                                + " For one request a line, name the file .jsonl.");
    }

    @Test
    void anElementThatGoesOnAndOnStopsItsFile() {
        Path file = write(home.resolve("a.json"), "[{\"prompt\":\"a\"}," + line(3 * RequestReader.LIMIT) + "]");

        List<ReadItem> items = read(file);

        assertThat(items).hasSize(2);
        assertThat(message(items.get(1))).endsWith("got: more than 1 MB in one request.");
    }

    @Test
    void anArrayMayBeLongerThanOneRequest() {
        String element = line(RequestReader.LIMIT / 2);

        List<ReadItem> items =
                read(write(home.resolve("a.json"), "[" + String.join(",\n", Collections.nCopies(8, element)) + "]"));

        assertThat(items).hasSize(8).allMatch(item -> item.json() != null);
    }

    @Test
    void aTextFileIsAPromptAsAWhole() {
        Path file = write(home.resolve("a.txt"), "\ufeffA waltz\r\n\r\nfor a rainy Sunday\n");

        assertThat(read(file)).singleElement().satisfies(item -> {
            assertThat(item.json()).isEqualTo(Json.object().put("prompt", "A waltz\r\n\r\nfor a rainy Sunday"));
            assertThat(item.raw()).isEqualTo("A waltz\r\n\r\nfor a rainy Sunday\n");
        });
    }

    @Test
    void aTextFileOverTheLimitOrNotUtf8IsAProblem() {
        Path tooLong = write(home.resolve("a.txt"), "x".repeat(RequestReader.LIMIT + 1));
        Path latin = write(home.resolve("b.txt"), new byte[] {'a', (byte) 0xe4, 'b'});

        assertThat(message(read(tooLong).get(0)))
                .isEqualTo("Expected a.txt to be a text of at most 1 MB, got: more than 1 MB.");
        assertThat(read(tooLong).get(0).raw()).hasSize(1000);
        assertThat(message(read(latin).get(0))).endsWith("got: bytes that are not UTF-8.");
    }

    @Test
    void ofAFolderOnlyRequestFilesAreReadSortedByName() throws IOException {
        for (String name : List.of("b.jsonl", "a.txt", "sub/c.json", "sub/sub/d.ndjson")) {
            write(home.resolve(name), "{}");
        }
        for (String name :
                List.of(".e.json", ".git/f.json", "g.json.part", "h.tmp", "b.jsonl.rejected.jsonl", "c.error.txt")) {
            write(home.resolve(name), "{}");
        }
        write(home.resolve("readme.md"), "");
        write(home.resolve("sub/Makefile"), "");
        Files.createSymbolicLink(home.resolve("sub/round"), home);

        try (RequestReader reader = RequestReader.read(home)) {
            assertThat(reader.found().skipped()).isEqualTo(2);
            assertThat(reader.found().files())
                    .extracting(file -> home.relativize(file).toString())
                    .containsExactly("a.txt", "b.jsonl", "sub/c.json", "sub/sub/d.ndjson");
            assertThat(reader).toIterable().hasSize(4);
        }
    }

    @Test
    void aNamedFileOfUnknownSuffixIsAProblem() {
        assertThat(message(read(write(home.resolve("songs.xlsx"), "")).get(0)))
                .isEqualTo(
                        "Expected the suffix of songs.xlsx to be .json, .jsonl, .ndjson, .yaml, .yml, .csv or .txt, got: .xlsx.");
        assertThat(message(read(write(home.resolve("songs"), "")).get(0))).endsWith("got: none.");
    }

    @Test
    void aFolderThatIsDeletedWhileItIsReadGivesWhatIsOpenAndSaysWhatIsGone() throws IOException {
        Path in = Files.createDirectories(home.resolve("in"));
        String lines = "{\"prompt\": \"a song\"}\n".repeat(10_000);
        for (String name : List.of("a.jsonl", "b.jsonl")) {
            Files.writeString(in.resolve(name), lines);
        }
        int good = 0;
        List<String> problems = new ArrayList<>();
        try (RequestReader reader = RequestReader.read(in)) {
            reader.next();
            Files.delete(in.resolve("a.jsonl"));
            Files.delete(in.resolve("b.jsonl"));
            Files.delete(in);
            while (reader.hasNext()) {
                ReadItem item = reader.next();
                good += item.unreadable().isEmpty() ? 1 : 0;
                item.unreadable().ifPresent(problem -> problems.add(problem.message()));
            }
        }

        assertThat(good).isEqualTo(9_999);
        assertThat(problems)
                .containsExactly("Expected %s to be a file that can be read, got: nothing there."
                        .formatted(in.resolve("b.jsonl")));
    }

    @Test
    void aPathWhereNothingIsIsAProblem() {
        Path nothing = home.resolve("nothing.jsonl");

        assertThat(read(nothing)).singleElement().satisfies(item -> assertThat(message(item))
                .isEqualTo("Expected " + nothing + " to be a file that can be read, got: nothing there."));
    }

    @Test
    void afterTheLastItemThereIsNone() throws IOException {
        try (RequestReader reader = RequestReader.read(write(home.resolve("a.txt"), "a"))) {
            reader.next();

            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void aThousandBrokenLinesGiveAThousandItemsAndLoseNoGoodOne() throws IOException {
        Random random = new Random(20261120);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 1; i <= 1000; i++) {
            file.write(brokenLine(random));
            file.write('\n');
            file.write(("{\"prompt\":\"good " + i + "\"}\n").getBytes(StandardCharsets.UTF_8));
        }

        List<ReadItem> items = read(write(home.resolve("a.jsonl"), file.toByteArray()));

        RequestRules rules = new RequestRules();
        assertThat(items).hasSize(2000);
        for (int i = 0; i < 2000; i += 2) {
            assertThat(items.get(i).line()).isEqualTo(i + 1);
            assertThat(isRefused(rules, items.get(i))).as(items.get(i).raw()).isTrue();
            assertThat(rules.check(items.get(i + 1).json()).prompt()).contains("good " + (i / 2 + 1));
        }
    }

    /** What editors, scripts and full disks do to lines; none has a line end in it, and none is a request. */
    private static byte[] brokenLine(Random random) {
        byte[] good = "{\"id\":\"a-1\",\"prompt\":\"夏天 \\u00e4 \\n\",\"extend\":{\"clipId\":\"c\",\"at\":60}}"
                .getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(good, 1 + random.nextInt(good.length - 1));
            case 1 -> Arrays.copyOfRange(good, 1 + random.nextInt(good.length - 1), good.length);
            case 2 -> noise(random);
            case 3 -> (new String(good, StandardCharsets.UTF_8) + "}").getBytes(StandardCharsets.UTF_8);
            default -> nested(random).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\n' ? (byte) '{' : bytes[i];
        }
        // not blank, and no number
        bytes[0] = 'x';
        return bytes;
    }

    private static String nested(Random random) {
        int depth = 1 + random.nextInt(3000);
        String open = random.nextBoolean() ? "[" : "{\"prompt\":";
        String close = open.equals("[") ? "]" : "}";
        return open.repeat(depth) + (open.equals("[") ? "" : "1") + close.repeat(depth);
    }

    private static boolean isRefused(RequestRules rules, ReadItem item) {
        if (item.unreadable().isPresent()) {
            return !message(item).isBlank();
        }
        try {
            rules.check(item.json());
            return false;
        } catch (RefusedRequestException e) {
            return !e.getMessage().isBlank();
        }
    }

    private static String line(int length) {
        String start = "{\"prompt\":\"";
        return start + "x".repeat(length - start.length() - 2) + "\"}";
    }

    private static String message(ReadItem item) {
        return item.unreadable().orElseThrow().message();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.yaml", "a.yml"})
    void yamlIsAnObjectOrAnArrayOfThem(String name) {
        Path one =
                write(home.resolve(name), "# a comment\nprompt: >-\n  a slow\n  waltz\nvendor: [foxai, sunomusic]\n");
        Path several = write(home.resolve("b-" + name), "- prompt: a\n- prompt: b\n  instrumental: true\n");

        assertThat(read(one))
                .extracting(ReadItem::json)
                .containsExactly(Json.parse("{\"prompt\":\"a slow waltz\",\"vendor\":[\"foxai\",\"sunomusic\"]}"));
        assertThat(read(several))
                .extracting(ReadItem::json)
                .containsExactly(
                        Json.parse("{\"prompt\":\"a\"}"), Json.parse("{\"prompt\":\"b\",\"instrumental\":true}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt: a\n- b", "prompt: a\nprompt: b", "prompt: \"a", "prompt: a\n---\nprompt: b"})
    void brokenYamlIsSaid(String text) {
        List<ReadItem> items = read(write(home.resolve("a.yaml"), text));

        assertThat(message(items.get(items.size() - 1)))
                .startsWith("Expected a.yaml to be a YAML object or an array of them");
    }
}
