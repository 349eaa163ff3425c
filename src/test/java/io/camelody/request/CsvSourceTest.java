package io.camelody.request;

import static io.camelody.request.TestFiles.read;
import static io.camelody.request.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvSourceTest {

    @TempDir
    Path home;

    @Test
    void aTableAsExcelSavesItIsRead() {
        List<ReadItem> items = csv(
                """
                \ufeffprompt;vendor;styleWeight;instrumental;labels.for;\r
                "a ""slow"" waltz; in
                two lines";foxai, sunomusic;0,5;WAHR;ann;\r
                ;;;;;\r
                \r
                a 12" single;auto;1;TRUE;;\r
                """);

        assertThat(items).extracting(ReadItem::line).containsExactly(2, 6);
        assertThat(items.get(0).json())
                .isEqualTo(
                        json(
                                """
                                {"prompt": "a \\"slow\\" waltz; in\\ntwo lines", "vendor": ["foxai", "sunomusic"], "styleWeight": 0.5,
                                 "instrumental": "WAHR", "labels": {"for": "ann"}}
                                """));
        assertThat(items.get(1).json())
                .isEqualTo(
                        json(
                                """
                                {"prompt": "a 12\\" single", "vendor": "auto", "styleWeight": 1.0, "instrumental": true}
                                """));
        assertThat(items.get(1).raw()).isEqualTo("a 12\" single;auto;1;TRUE;;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt,title", "prompt;title", "prompt\ttitle", "sep=;\nprompt;title"})
    void theHeaderSaysWhatSeparates(String header) {
        String separator = header.replaceAll("(?s).*prompt(.)title", "$1");

        assertThat(csv(header + "\n" + separator + "b").get(0).json()).isEqualTo(json("{\"title\": \"b\"}"));
    }

    @Test
    void namesWithADotAreFieldsInsideOthersAndOtherSpellingsAreKnown() {
        assertThat(
                        csv("tags,extend.clipId,extend.at,writeLyrics.prompt,style_weight,sinks\nfolk,c1,30.5,rain,0.5,file|s3")
                                .get(0)
                                .json())
                .isEqualTo(
                        json(
                                """
                                {"tags": "folk", "extend": {"clipId": "c1", "at": 30.5}, "writeLyrics": {"prompt": "rain"},
                                 "style_weight": 0.5, "sinks": ["file", "s3"]}
                                """));
    }

    @Test
    void aBadLineCostsItselfAlone() throws IOException {
        Path file = home.resolve("a.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
            out.write("prompt,title\n");
            out.write("a,b,c\n");
            out.write("\"a\"b,c\n");
            out.write("\u00e4,b\n");
            out.write("a\rb,c\n");
            out.write("x".repeat(RequestReader.LIMIT + 1) + ",b\n");
            out.write("good,one\n");
        }

        List<ReadItem> items = read(file);

        assertThat(items).extracting(ReadItem::line).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(items)
                .extracting(item ->
                        item.unreadable().map(Problem::message).orElse("").replaceFirst(".*got: ", ""))
                .satisfiesExactly(
                        message -> assertThat(message)
                                .isEqualTo("3 cells under 2 names; quote a cell that has a separator in it."),
                        message -> assertThat(message).containsIgnoringCase("quote"),
                        message -> assertThat(message)
                                .isEqualTo("bytes that are not UTF-8 (in a spreadsheet: save as \"CSV UTF-8\")."),
                        message -> assertThat(message).isEqualTo("a line break that is not quoted."),
                        message -> assertThat(message).isEqualTo("more than 1 MB, or a quote that nothing closes."),
                        message -> assertThat(message).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "promt,title | Expected the header to be names of fields of a request, got: \"promt\". Did you mean \"prompt\"?",
                "a slow waltz | Expected the header to be names of fields of a request, got: \"a slow waltz\". The first line names the fields, such as prompt,vendor,style.",
                "title,title | Expected title to be a column once, got: \"title\" twice. Leave one of them out.",
            })
    void aBadHeaderCostsTheFile(String header, String message) {
        List<ReadItem> items = csv(header + "\na,b\nc,d\n");

        assertThat(items).hasSize(1);
        assertThat(items.get(0).unreadable().orElseThrow().message()).isEqualTo(message);
    }

    @Test
    void aValueUnderNoNameIsRefused() {
        List<ReadItem> items = csv("prompt,,title\na,,b\na,x,b\n");

        assertThat(items.get(0).json()).isEqualTo(json("{\"prompt\": \"a\", \"title\": \"b\"}"));
        assertThat(items.get(1).json().has("column 2")).isTrue();
    }

    @Test
    void aQuoteThatNothingClosesSpoilsTheRestAndSaysWhere() {
        List<ReadItem> items = csv("prompt\ngood\n\"bad\n" + "more\n".repeat(RequestReader.LIMIT));

        assertThat(items).extracting(ReadItem::line).containsExactly(2, 3);
        assertThat(items.get(1).unreadable().orElseThrow().message())
                .isEqualTo(
                        "Expected line 3 to be one line of a table, got: more than 1 MB, or a quote that nothing closes.");
    }

    private List<ReadItem> csv(String text) {
        return read(write(home.resolve("a.csv"), text));
    }

    private static JsonNode json(String text) {
        return Json.parse(text);
    }
}
