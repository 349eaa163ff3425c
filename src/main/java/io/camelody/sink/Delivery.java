package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.audio.SongAudio;
import io.camelody.request.Json;
import java.io.File;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * What {@code work.camel.yaml} does with a generated song before its sinks: takes fresh URLs over, fetches the clips, and
 * says whether they are good enough to be delivered.
 */
public final class Delivery {

    private final SongAudio audio;
    private final Clock clock;

    public Delivery(SongAudio audio, Clock clock) {
        this.audio = audio;
        this.clock = clock;
    }

    /**
     * Reads the song's document, and the variable {@code fresh} with the vendor's newest answer, if there is one. Sets
     * {@code clipsReady}: every clip is here that the vendor made, or at the last try at least one, and the document says
     * with {@code finishedAt} when it went on to its sinks; {@code interrupted}: the try was broken off, so clips that are
     * not ready say nothing; {@code retryAfter}: for how many seconds a host asked to be left alone, if one did;
     * {@code folder}: where the clips and covers are, for the sinks.
     */
    public void fetch(Exchange exchange) {
        ObjectNode song = exchange.getMessage().getBody(ObjectNode.class);
        ArrayNode clips = song.withArray("clips");
        JsonNode fresh = exchange.getVariable("fresh", JsonNode.class);
        boolean answered = fresh != null && fresh.isArray();
        if (answered) {
            takeOver(clips, fresh);
        }
        SongAudio.Fetched fetched = audio.fetch(song);
        if (!answered && Boolean.TRUE.equals(exchange.getVariable("refresh", Boolean.class))) {
            excuse(clips);
        }
        boolean last = Boolean.TRUE.equals(exchange.getVariable("lastTry", Boolean.class));
        boolean goodEnough = fetched.whole() || last && !fetched.interrupted();
        boolean ready = goodEnough && hasAudio(clips);
        if (ready) {
            song.put(
                    "finishedAt", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        }
        exchange.setVariable("clipsReady", ready);
        // as text: Camel makes a Path into text by reading it
        exchange.setVariable("folder", audio.folder(song.path("id").textValue()).toString());
        exchange.setVariable("interrupted", fetched.interrupted());
        fetched.retryAfter().ifPresent(wait -> exchange.setVariable("retryAfter", wait.toSeconds()));
    }

    /** For the sinks of routes: a file that the song's document names, as what Camel's components stream from. */
    public File file(@Variable("folder") String folder, @Body String name) {
        return new File(folder, name);
    }

    /** A URL that has expired is no fault of the audio's while the vendor gives no fresh one: that passes. */
    private static void excuse(ArrayNode clips) {
        for (JsonNode clip : clips) {
            if (clip.path("errorKind").asText().equals(Kind.GONE.toString())) {
                ((ObjectNode) clip)
                        .put("errorKind", Kind.SERVER.toString())
                        .put("error", clip.path("error").asText() + " The vendor gave no fresh URL.");
            }
        }
    }

    /** URLs, and of a clip that still grew when its task ended, what it has become. */
    private static void takeOver(ArrayNode clips, JsonNode tasks) {
        ArrayNode newest = Json.MAPPER.createArrayNode();
        tasks.forEach(task -> task.path("clips").forEach(newest::add));
        boolean inPlace = tasks.size() == 1 && newest.size() == clips.size();
        for (int i = 0; i < clips.size(); i++) {
            ObjectNode clip = (ObjectNode) clips.get(i);
            // tasks may be answered in any order, and a clip that is left out moves those after it
            JsonNode match = clip.hasNonNull("id") ? find(clip, newest) : newest.path(inPlace ? i : -1);
            if (!clip.path("status").asText().equals("complete")) {
                // what it was said to be while it grew, or before it began
                for (String settled : new String[] {"duration", "status"}) {
                    if (match.hasNonNull(settled)) {
                        clip.set(settled, match.get(settled));
                    }
                }
            }
            for (String url : new String[] {"audioUrl", "imageUrl"}) {
                if (!match.path(url).asText("").isBlank()) {
                    clip.set(url, match.get(url));
                }
            }
        }
    }

    private static JsonNode find(ObjectNode clip, ArrayNode newest) {
        for (JsonNode candidate : newest) {
            if (candidate.path("id").equals(clip.get("id"))) {
                return candidate;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean hasAudio(ArrayNode clips) {
        for (JsonNode clip : clips) {
            if (clip.hasNonNull("file")) {
                return true;
            }
        }
        return false;
    }
}
