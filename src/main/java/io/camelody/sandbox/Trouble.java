package io.camelody.sandbox;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes wrong when a {@link Fault} strikes: with one answer, with the shape of a submit's answer, or with a task.
 *
 * <p>Each has a text form, which is its name in lower case with hyphens, and for those with a value {@code name=value};
 * see {@link Fault#parse}.
 */
public sealed interface Trouble {

    /** Answers this instead, and makes no task. Text: {@code status=429 Retry-After=3 body={"any": "text"}}. */
    record Status(int status, Map<String, String> headers, String body) implements Trouble {
        public Status(int status) {
            this(status, Map.of(), "");
        }
    }

    /** The right body under this content type. */
    record Type(String contentType) implements Trouble {}

    /** The task ends failed: at its time if the fault struck the submit, at once if it struck a poll while it ran. */
    record Fail(String reason) implements Trouble {}

    /** A poll says this for the status. */
    record Word(String status) implements Trouble {}

    /** sunomusic answers a submit in one of the shapes that related APIs have. */
    enum Shape implements Trouble {
        DATA_TASK_ID,
        DATA_STRING,
        DATA_ID,
        DATA_CAMEL_TASK_ID,
        DATA_LIST_ID,
        /** {@code data.ids}: two task ids with one clip each, in one bill. */
        DATA_IDS,
        TOP_TASK_ID
    }

    enum Plain implements Trouble {
        /** The request is read and the connection is closed; no task is made. */
        CLOSE,
        /** The task is made, and the connection is closed before the answer. */
        LOST,
        /** No answer until the sandbox closes or its faults are cleared; no task is made. */
        HANG,
        /** The task is made, and there is no answer until the sandbox closes or its faults are cleared. */
        HANG_MADE,
        /** The right answer with its full length announced, closed in the middle of the body. */
        CUT,
        /** Half of the body, with the length of that half announced: whole to HTTP, and still not the file. */
        SHORT,
        /** The right answer, one byte a second. */
        DRIP,
        /** 200 with a page of HTML; no task is made. */
        HTML,
        /** 200 with no body; a submit has made its task. */
        EMPTY,
        /** A vendor's right answer behind 50 MB of white space, which is JSON; a submit has made its task. */
        HUGE,
        /** 2xx without an id; the task is made. */
        NO_ID,
        /** SenseAudio answers lyrics with a task. */
        TASK,
        /** SenseAudio answers lyrics at once. */
        AT_ONCE,
        /** Audio or cover: 403 for this URL from now on; the next status answer has a fresh one. */
        EXPIRE,
        /** The poll leaves the task out; SenseAudio, which is asked for one, answers 404. */
        LEAVE_OUT,
        /**
         * Before what was asked about, the poll has an ended task that nobody asked about and whose clips are not there;
         * SenseAudio, which answers about one, answers about that one.
         */
        STRANGERS,
        /** Clips are there and their audio URL is null. */
        NULL_URL,
        /** Clips are there and their audio URL ends in {@code None.mp3}, which answers 404. */
        NONE_URL,
        /** sunomusic and FoxAI: the task is done, and its clips say {@code streaming} for good. */
        STAY_STREAMING,
        /** The first clip stands in the answer twice. */
        CLIP_TWICE,
        /** The second of two clips has the status {@code error} and no audio URL. */
        CLIP_ERROR,
        /** The second of two clips looks well, and its file answers 404 for good. */
        CLIP_GONE
    }

    /** @throws IllegalArgumentException if there is no such trouble; the message lists those there are */
    static Trouble parse(String text) {
        String[] parts = text.split("=", 2);
        String name = parts[0].strip();
        String value = parts.length == 2 ? parts[1].strip() : "";
        return switch (name) {
            case "status" -> status(value);
            case "type" -> new Type(value);
            case "fail" -> new Fail(value);
            case "word" -> new Word(value);
            case "shape" -> named(Shape.values(), value);
            default -> named(Plain.values(), text.strip());
        };
    }

    private static Trouble status(String value) {
        String[] headersAndBody = value.split("(?:^| )body=", 2);
        String[] parts = headersAndBody[0].strip().split(" +");
        var headers = new LinkedHashMap<String, String>();
        for (int i = 1; i < parts.length; i++) {
            String[] header = parts[i].split("=", 2);
            if (header.length < 2) {
                throw new IllegalArgumentException("Expected a header as Name=value, got: \"" + parts[i] + "\".");
            }
            headers.put(header[0], header[1]);
        }
        if (!parts[0].matches("[2-5]\\d\\d")) {
            throw new IllegalArgumentException(
                    "Expected status= and a number from 200 to 599, got: \"" + value + "\".");
        }
        return new Status(Integer.parseInt(parts[0]), headers, headersAndBody.length == 2 ? headersAndBody[1] : "");
    }

    private static <E extends Enum<E> & Trouble> Trouble named(E[] troubles, String name) {
        return Stream.of(troubles)
                .filter(trouble -> text(trouble).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected "
                        + Stream.of(troubles).map(Trouble::text).collect(Collectors.joining(", "))
                        + (troubles[0] instanceof Plain ? ", status=, type=, fail=, word= or shape=" : "")
                        + ", got: \"" + name + "\"."));
    }

    private static String text(Enum<?> trouble) {
        return trouble.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether this concerns how a submit words its answer, and not whether it comes. */
    default boolean concernsShape() {
        return this instanceof Shape || this == Plain.NO_ID || this == Plain.TASK || this == Plain.AT_ONCE;
    }

    /** Whether this concerns one task, and not the answer as a whole. */
    default boolean concernsTask() {
        return this instanceof Fail
                || this instanceof Word
                || this instanceof Plain plain && plain.compareTo(Plain.LEAVE_OUT) >= 0;
    }

    /** Whether this can only strike a task whose clips can be seen. */
    default boolean concernsClips() {
        return this instanceof Plain plain && plain.compareTo(Plain.NULL_URL) >= 0;
    }

    /** Whether a task that was struck stays so, even if the fault struck only one poll. */
    default boolean lasts() {
        return this instanceof Fail || this instanceof Plain plain && plain.compareTo(Plain.STAY_STREAMING) >= 0;
    }
}
