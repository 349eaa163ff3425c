package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the vendors have in common: tasks, the troubles that strike them, and where their files are. A task shows
 * its clips from {@link #STREAMING} of its time on; until it ends they are still being written. Thread-safe.
 */
final class Desk {

    static final double STREAMING = .4;

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String vendor;
    private final SandboxSettings settings;
    private final TaskBook book;
    private final Faults faults;
    private final String files;

    Desk(String vendor, SandboxSettings settings, TaskBook book, Faults faults, String baseUrl) {
        this.vendor = vendor;
        this.settings = settings;
        this.book = book;
        this.faults = faults;
        this.files = baseUrl + "/files/" + vendor + "/";
    }

    Instant now() {
        return book.now();
    }

    SandboxSettings settings() {
        return settings;
    }

    Task makeSong(Fields fields, Request request, int clips) {
        Task task = book.song(vendor, fields.json(), request.body(), clips);
        strikeNew(task, Fault.Call.SUBMIT);
        return task;
    }

    Task makeLyrics(Fields fields, Request request, boolean atOnce) {
        Task task = book.lyrics(vendor, fields.json(), request.body(), atOnce);
        strikeNew(task, Fault.Call.LYRICS_SUBMIT);
        return task;
    }

    Task makeSibling(Task task, Request request) {
        return book.sibling(task, request.body());
    }

    private void strikeNew(Task task, Fault.Call call) {
        faults.take(vendor, call, Trouble::concernsTask).ifPresent(task::strike);
    }

    /** The vendor's task of that id. */
    Optional<Task> find(String id) {
        return book.find(vendor, id);
    }

    /** How the answer to a submit is worded, if not as usual. */
    Optional<Trouble> shape(Fault.Call call) {
        return faults.take(vendor, call, Trouble::concernsShape);
    }

    /** What a poll sees: the task, the troubles it has, and when this was. */
    record Look(Task task, Set<Trouble> troubles, Instant now) {

        double progress() {
            return task.progress(now);
        }

        boolean isStruck(Trouble trouble) {
            return troubles.contains(trouble);
        }

        List<Task.Clip> clips() {
            List<Task.Clip> clips = new ArrayList<>(task.clips());
            if (isStruck(Trouble.Plain.CLIP_TWICE)) {
                clips.add(0, clips.get(0));
            }
            return clips;
        }

        /** The status word, or the one that a fault has put in its place. */
        String word(String word) {
            return troubles.stream()
                    .filter(Trouble.Word.class::isInstance)
                    .map(trouble -> ((Trouble.Word) trouble).status())
                    .findFirst()
                    .orElse(word);
        }
    }

    /**
     * The tasks that there are of these, each looked at once, in the order in which they were asked for, and the strangers
     * that a fault puts before one.
     */
    List<Look> look(List<String> ids, Fault.Call call) {
        return ids.stream()
                .distinct()
                .flatMap(id -> book.find(vendor, id).stream())
                .map(task -> look(task, call))
                .filter(look -> !look.isStruck(Trouble.Plain.LEAVE_OUT))
                .flatMap(look -> look.isStruck(Trouble.Plain.STRANGERS)
                        ? Stream.of(new Look(book.stranger(look.task()), Set.of(), look.now()), look)
                        : Stream.of(look))
                .toList();
    }

    private Look look(Task task, Fault.Call call) {
        Instant now = now();
        boolean ended = task.progress(now) >= 1;
        boolean clips = ended && task.failure(now).isEmpty();
        var troubles = new HashSet<>(task.troubles());
        faults.take(vendor, call, trouble -> fits(trouble, ended, clips)).ifPresent(trouble -> {
            if (trouble.lasts()) {
                task.strikeNow(trouble, now);
            }
            troubles.add(trouble);
        });
        return new Look(task, troubles, now);
    }

    private static boolean fits(Trouble trouble, boolean ended, boolean clips) {
        return trouble instanceof Trouble.Fail ? !ended : trouble.concernsTask() && (clips || !trouble.concernsClips());
    }

    JsonNode audioUrl(Task.Clip clip, Look look) {
        if (look.isStruck(Trouble.Plain.NULL_URL) || clip.isStruck(Trouble.Plain.CLIP_ERROR)) {
            return NullNode.instance;
        }
        if (look.isStruck(Trouble.Plain.NONE_URL)) {
            return TextNode.valueOf(files + "None.mp3");
        }
        boolean wav = vendor.equals("senseaudio") && settings.audioBytes() == 0;
        return TextNode.valueOf(files + clip.id() + (wav ? ".wav" : ".mp3") + version(clip, "?"));
    }

    /** Where a song can be heard while it is being made. */
    String streamUrl(Task.Clip clip) {
        return files + "stream?item_id=" + clip.id() + version(clip, "&");
    }

    String imageUrl(Task.Clip clip) {
        return files + "image_" + clip.id() + ".png" + version(clip, "?");
    }

    String largeImageUrl(Task.Clip clip) {
        return files + "image_large_" + clip.id() + ".png" + version(clip, "?");
    }

    private static String version(Task.Clip clip, String before) {
        int version = clip.version().get();
        return version == 0 ? "" : before + "v=" + version;
    }

    /** As the vendors write a moment: UTC, to the millisecond. */
    static String moment(Instant at) {
        return MOMENT.format(at);
    }

    /** Whole where it is, as in the vendors' documents. */
    static JsonNode seconds(double seconds) {
        return seconds == Math.rint(seconds) ? IntNode.valueOf((int) seconds) : DoubleNode.valueOf(seconds);
    }
}
