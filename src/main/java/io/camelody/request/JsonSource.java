package io.camelody.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * One JSON object, or an array of them, of which one at a time is in memory; the same in YAML.
 *
 * <p>Where the JSON breaks there is no telling where the next request starts: the elements before it have been given,
 * and one item with the reason is the last.
 */
final class JsonSource implements RequestSource {

    /** The limit is that of one request, and not of the file. */
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .loaderOptions(loaderOptions())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Path file;
    private final String format;
    private final ObjectReader element;
    private final Budget text;
    private final JsonParser parser;
    private int line = 1;
    private boolean inArray;
    private boolean ended;

    private JsonSource(Path file, String format, ObjectMapper mapper) throws IOException {
        this.file = file;
        this.format = format;
        this.element = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.text =
                new Budget(new InputStreamReader(RequestSource.withoutMark(file), StandardCharsets.UTF_8.newDecoder()));
        this.parser = mapper.createParser(text);
    }

    static JsonSource ofJson(Path file) throws IOException {
        return new JsonSource(file, "JSON", Json.MAPPER);
    }

    static JsonSource ofYaml(Path file) throws IOException {
        return new JsonSource(file, "YAML", YAML);
    }

    private static LoaderOptions loaderOptions() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        return options;
    }

    @Override
    public ReadItem next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            return inArray ? nextElement() : first();
        } catch (JsonProcessingException e) {
            return last(reason(e.getOriginalMessage()) + place(e));
        } catch (CharacterCodingException e) {
            return last("bytes that are not UTF-8");
        } catch (TooLongException e) {
            return last("more than 1 MB in one request");
        }
    }

    @Override
    public int line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** A parser's words, short and on one line. */
    static String reason(String message) {
        String firstLine = message.lines().findFirst().orElse("").replaceFirst(" for `ObjectNode`: not allowed.*", "");
        return firstLine.length() > 120 ? Problem.start(firstLine, 120) + "…" : firstLine;
    }

    private ReadItem first() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            return last("an empty file");
        }
        if (token == JsonToken.START_ARRAY) {
            inArray = true;
            line = 0;
            return nextElement();
        }
        JsonNode request = element.readTree(parser);
        if (parser.nextToken() != null) {
            return last("something after the first object", "For one request a line, name the file .jsonl.");
        }
        ended = true;
        return ReadItem.of(file, 1, request, Json.write(request));
    }

    private ReadItem nextElement() throws IOException {
        line++;
        text.renew();
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            ended = true;
            return parser.nextToken() == null ? null : last("something after the array");
        }
        JsonNode request = element.readTree(parser);
        return ReadItem.of(file, line, request, Json.write(request));
    }

    private ReadItem last(String got) {
        return last(got, "");
    }

    private ReadItem last(String got, String advice) {
        ended = true;
        String name = file.getFileName().toString();
        return ReadItem.unreadable(
                file,
                line,
                "",
                Problem.about("", name, "a %s object or an array of them".formatted(format), got, advice));
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
    }

    /** Text that may not go on and on within one request. */
    private static final class Budget extends FilterReader {

        private int left = RequestReader.LIMIT;

        Budget(Reader in) {
            super(in);
        }

        void renew() {
            left = RequestReader.LIMIT;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            if (left <= 0) {
                throw new TooLongException();
            }
            int read = super.read(buffer, offset, length);
            left -= Math.max(0, read);
            return read;
        }
    }

    private static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
