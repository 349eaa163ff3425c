package io.camelody.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.SongRequest;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One song as a page to read: each matter under its name, and at the end what a person can do. */
final class SongPage {

    /** Whatever it came from: a service works on the songs of batches too. */
    private static final String GOES_ON =
            "It goes on while camelody run or its batch is running. If neither is, start camelody run, or run the same batch again.";

    private final PrintWriter out;
    private final DateTimeFormatter time;
    private final String home;

    /** @param home what the commands on the page need to find the same ledger, as they are typed */
    SongPage(PrintWriter out, ZoneId zone, String home) {
        this.out = out;
        this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(zone);
        this.home = home;
    }

    void print(Song song, Optional<Pause> pause) {
        out.println(song.id() + "  " + song.state()
                + song.reason().map(reason -> ", " + reason).orElse(""));
        song.message().ifPresent(message -> row("because", SongTable.plain(message)));
        String makers = song.vendor()
                + song.lyricsVendor().map(writer -> ", lyrics by " + writer).orElse("")
                + (song.sandbox() ? " (in the sandbox)" : "");
        row("vendor", makers);
        song.source().ifPresent(source -> row("source", source));
        row("price", "$" + SongDocument.dollars(song.price()).toPlainString());
        printTimes(song);
        printFields("request", SongRequest.shown(song.request()));
        song.written().ifPresent(written -> printFields("written", written));
        rows("notes", song.notes());
        rows("tasks", song.tasks().stream().map(SongPage::line).toList());
        song.tasks().forEach(task -> task.answer().ifPresent(answer -> row("answer", SongTable.plain(answer))));
        rows("clips", clips(song));
        rows("next", next(song, pause));
        out.flush();
    }

    private void printTimes(Song song) {
        List<String> lines = new ArrayList<>();
        addTime(lines, Optional.of(song.acceptedAt()), "accepted");
        addTime(lines, song.submittedAt(), "submitted");
        addTime(lines, song.generatedAt(), "generated");
        addTime(lines, song.finishedAt(), song.state().word());
        if (song.state() == SongState.SUBMITTED) {
            addTime(lines, song.timeoutAt(), "given up if it has not ended by then");
        }
        if (song.state() == SongState.GENERATED) {
            song.sinks().stream()
                    .filter(SinkDelivery::isWaiting)
                    .forEach(sink ->
                            addTime(lines, Optional.of(sink.dueAt()), sink.sink() + " " + triedAgain(sink.attempt())));
        }
        if (song.attempt() > 0 && !song.state().isFinal()) {
            addTime(lines, Optional.of(song.dueAt()), triedAgain(song.attempt()));
        }
        rows("times", lines);
    }

    private static String triedAgain(int failed) {
        return "tried again, after %d failed %s".formatted(failed, failed == 1 ? "try" : "tries");
    }

    private void addTime(List<String> lines, Optional<Instant> at, String what) {
        at.ifPresent(moment -> lines.add(time.format(moment) + "  " + what));
    }

    private void printFields(String name, JsonNode fields) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            JsonNode value = field.getValue();
            List<String> text = (value.isTextual() ? value.textValue() : value.toString())
                    .lines()
                    .toList();
            if (text.size() <= 1) {
                lines.add(field.getKey() + ": " + SongTable.plain(String.join("", text)));
            } else {
                lines.add(field.getKey() + ":");
                text.forEach(line -> lines.add("  " + SongTable.plain(line)));
            }
        }
        rows(name, lines);
    }

    private static String line(Task task) {
        List<String> parts = new ArrayList<>();
        parts.add(task.step() + " at " + task.vendor());
        parts.add(task.taskId().map(id -> "id " + id).orElse("no id"));
        parts.add(
                switch (task.outcome()) {
                    case INTENDED -> "the call is under way";
                    case MADE -> "$" + SongDocument.dollars(task.price()).toPlainString();
                    case NOT_MADE -> "not taken, not charged";
                    case UNKNOWN -> "nobody heard the answer";
                });
        task.status().ifPresent(parts::add);
        task.error().ifPresent(parts::add);
        if (task.superseded()) {
            parts.add("replaced by a later one");
        }
        return SongTable.plain(String.join(", ", parts));
    }

    private static List<String> clips(Song song) {
        List<String> lines = new ArrayList<>();
        for (JsonNode clip : song.clips()) {
            String where = clip.path("places")
                    .path("file")
                    .asText(clip.path("file").asText(clip.path("audioUrl").asText("no URL")));
            JsonNode seconds = clip.path("seconds").isNumber() ? clip.path("seconds") : clip.path("duration");
            String length = seconds.isNumber() ? ", %s s".formatted(seconds.asText()) : "";
            String error = clip.hasNonNull("error") ? ", " + clip.path("error").asText() : "";
            lines.add(SongTable.plain(where + length + error));
        }
        return lines;
    }

    private List<String> next(Song song, Optional<Pause> pause) {
        String id = song.id() + home;
        return switch (song.state()) {
            case ACCEPTED ->
                pause.map(standing -> List.of(
                                standing.message(), "Then it goes on with camelody run, or with its batch, run again."))
                        .orElse(List.of(GOES_ON));
            case SUBMITTED, GENERATED -> List.of(GOES_ON);
            case IN_DOUBT ->
                List.of(
                        "Look among the tasks of %s whether it is there.".formatted(song.stepVendor()),
                        "If it is:      camelody resolve %s --task-id TASK".formatted(id),
                        "If it is not:  camelody resolve %s --resubmit".formatted(id),
                        "Or give it up: camelody resolve %s --fail".formatted(id));
            case FAILED, CANCELLED -> List.of("To let it go on: camelody retry " + id);
            case DELIVERED -> List.of();
        };
    }

    private void rows(String name, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            row(i == 0 ? name : "", lines.get(i));
        }
    }

    private void row(String name, String text) {
        out.printf("  %-8s  %s%n", name, text);
    }
}
