package io.camelody.sandbox;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that shall go wrong, so many times, at a vendor's calls of a kind. Faults wait in the order in which they
 * were given; a call takes the first that fits it. A submit and each task of a poll also take the first fitting fault
 * that concerns the task itself.
 *
 * @param vendor the vendor it happens at; null for any
 * @param call the kind of call it happens at; null for any
 * @param times after how many strikes it is used up
 */
public record Fault(String vendor, Call call, int times, Trouble trouble) {

    private static final Set<String> VENDORS = Set.of("senseaudio", "sunomusic", "foxai");

    /** What a call is for. Written in lower case with a hyphen. */
    public enum Call {
        SUBMIT,
        POLL,
        LYRICS_SUBMIT,
        LYRICS_POLL,
        AUDIO,
        COVER
    }

    public Fault {
        if (vendor != null && !VENDORS.contains(vendor)) {
            throw new IllegalArgumentException(
                    "Expected the vendor senseaudio, sunomusic, foxai or *, got: \"" + vendor + "\".");
        }
        if (times < 1) {
            throw new IllegalArgumentException("Expected a fault at least 1 time, got: " + times + ".");
        }
    }

    /** Once. */
    public static Fault at(String vendor, Call call, Trouble trouble) {
        return new Fault(vendor, call, 1, trouble);
    }

    /**
     * Reads a fault from its text form.
     *
     * <pre>
     *   fault   = vendor ":" call ":" times ":" trouble
     *   vendor  = "senseaudio" | "sunomusic" | "foxai" | "*"
     *   call    = "submit" | "poll" | "lyrics-submit" | "lyrics-poll" | "audio" | "cover" | "*"
     *   times   = a number | "*"
     *   trouble = "status=" code { " " header "=" value } [ " body=" text to the end ]
     *           | "close" | "lost" | "hang" | "hang-made" | "cut" | "short" | "drip" | "html" | "empty"
     *           | "huge"                                                               (all but audio and cover)
     *           | "type=" content-type | "expire"                                    (audio, cover)
     *           | "no-id" | "task" | "at-once" | "shape=" shape                      (submit)
     *           | "fail=" reason | "word=" status | "leave-out" | "strangers" | "null-url" | "none-url"
     *           | "stay-streaming" | "clip-twice" | "clip-error" | "clip-gone"       (submit, poll)
     *   shape   = "data-task-id" | "data-string" | "data-id" | "data-camel-task-id" | "data-list-id" | "data-ids"
     *           | "top-task-id"
     * </pre>
     *
     * <p>{@code foxai:submit:2:status=503} is two refused submits, {@code *:audio:*:cut} breaks every download, and
     * {@code sunomusic:poll:1:fail=moderation} ends a running task. A trouble of a task that strikes its submit holds
     * for all of its polls. What each trouble does stands at {@link Trouble}.
     *
     * @throws IllegalArgumentException if the text is none; the message says what was expected
     */
    public static Fault parse(String text) {
        String[] parts = text.strip().split(":", 4);
        if (parts.length < 4) {
            throw new IllegalArgumentException(
                    "Expected a fault as vendor:call:times:trouble, such as foxai:submit:2:status=503, got: \"" + text
                            + "\".");
        }
        int times;
        try {
            times = parts[2].equals("*") ? Integer.MAX_VALUE : Integer.parseInt(parts[2]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Expected how many times, or * for always, got: \"" + parts[2] + "\" in \"" + text + "\".", e);
        }
        return new Fault(
                parts[0].equals("*") ? null : parts[0],
                parts[1].equals("*") ? null : call(parts[1]),
                times,
                Trouble.parse(parts[3]));
    }

    private static Call call(String text) {
        return Stream.of(Call.values())
                .filter(call -> text(call).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected "
                        + Stream.of(Call.values()).map(Fault::text).collect(Collectors.joining(", "))
                        + " or *, got: \"" + text + "\"."));
    }

    private static String text(Call call) {
        return call.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean fits(String atVendor, Call atCall) {
        return (vendor == null || vendor.equals(atVendor)) && (call == null || call == atCall);
    }
}
