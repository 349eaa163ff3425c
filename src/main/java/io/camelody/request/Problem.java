package io.camelody.request;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * One thing that is wrong with a request, in the words that its sender reads.
 *
 * <p>No prompt, lyric or URL stands in it whole: what was given is cut to 40 characters.
 *
 * @param field the field as the sender wrote it, {@code extend.at} for one inside another; empty if it is no one field
 * @param expected what the field takes
 * @param got what came, shortened
 * @param message the whole sentence, for people
 */
public record Problem(String field, String expected, String got, String message) {

    private static final int SHOWN = 40;

    /** "Expected styleWeight to be a number from 0 to 1, got: 3." */
    public static Problem of(String field, String expected, String got) {
        return of(field, expected, got, "");
    }

    /** The same, and a sentence on what to do. */
    public static Problem of(String field, String expected, String got, String advice) {
        return about(field, field, expected, got, advice);
    }

    /** Where it is no one field that is wrong but {@code subject}, such as "line 4". */
    static Problem about(String field, String subject, String expected, String got, String advice) {
        String message = "Expected " + subject + " to be " + expected + ", got: " + got + ".";
        return new Problem(field, expected, got, advice.isEmpty() ? message : message + " " + advice);
    }

    /** What came, as JSON of at most 40 characters, or "nothing". */
    public static String show(JsonNode node) {
        if (node == null || node.isMissingNode()) {
            return "nothing";
        }
        if (node.isTextual()) {
            return quote(node.textValue());
        }
        return cut(node.isNumber() ? node.asText() : node.toString());
    }

    /** The text as a JSON string, cut to 40 characters. */
    public static String quote(String text) {
        String start = start(text, SHOWN);
        String rest = start.length() < text.length() ? "…" : "";
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(start)) + rest + '"';
    }

    /** The text on one line, cut to 40 characters. */
    static String cut(String text) {
        String start = start(text, SHOWN);
        return start.replaceAll("\\p{Cntrl}", " ") + (start.length() < text.length() ? "…" : "");
    }

    /** The first characters of a text, with no character cut in half. */
    static String start(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end);
    }
}
