package io.camelody.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.VendorBooks;
import io.camelody.testkit.VendorBooks.Purchase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What became of every request, from three witnesses that know nothing of each other: the ledger, the vendors' books, and the
 * files that were delivered, byte by byte.
 */
final class Reckoning {

    private final Remains remains;
    private final Requests requests;
    private final Map<Purchase, List<String>> made;
    private final Map<String, List<Song>> songs = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, String> clipOf = new HashMap<>();
    private final List<String> boughtTwice = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> disorder = new ArrayList<>();
    private final int refused;

    Reckoning(Remains remains, Requests requests, VendorBooks books) throws IOException, InterruptedException {
        this.remains = remains;
        this.requests = requests;
        this.made = books.tasks();
        readLedger();
        int lines = 0;
        for (Path folder : remains.rejected()) {
            lines += refused(folder);
        }
        refused = lines;
        for (int i = 0; i < requests.good(); i++) {
            judge(VendorBooks.tag(i));
        }
        made.forEach((purchase, tasks) -> {
            if (tasks.size() > 1) {
                boughtTwice.add(purchase + ": " + tasks);
            }
        });
        if (refused != requests.bad()) {
            disorder.add("Expected %d refused lines, got: %d".formatted(requests.bad(), refused));
        }
        for (Path stage : remains.stages()) {
            lookForLeftOvers(stage);
        }
        books.sandbox().violations().forEach(disorder::add);
    }

    private void readLedger() {
        Cursor after = Cursor.START;
        for (List<Song> page = page(after); !page.isEmpty(); page = page(after)) {
            for (Song song : page) {
                String tag = VendorBooks.tagIn(Json.write(song.request())).orElse(song.id());
                songs.computeIfAbsent(tag, any -> new ArrayList<>()).add(song);
            }
            Song last = page.get(page.size() - 1);
            after = new Cursor(last.acceptedAt(), last.id());
        }
    }

    private List<Song> page(Cursor after) {
        return remains.ledger().catalog().page(Optional.empty(), Optional.empty(), after, 500);
    }

    private static int refused(Path folder) throws IOException {
        int lines = 0;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    lines += Files.readAllLines(file).size();
                }
            }
        }
        return lines;
    }

    private void judge(String tag) throws IOException, InterruptedException {
        List<Song> rows = songs.getOrDefault(tag, List.of());
        if (rows.isEmpty()) {
            lost.add(tag + " is not in the ledger");
            return;
        }
        if (rows.size() > 1) {
            boughtTwice.add(
                    tag + " was accepted as " + rows.stream().map(Song::id).toList());
        }
        Song song = rows.get(0);
        counts.merge(word(song), 1, Integer::sum);
        Path folder = remains.songs().resolve(song.id());
        if (song.state() == SongState.DELIVERED) {
            new DeliveredSong(folder)
                    .flaw()
                    .ifPresent(flaw -> lost.add(named(tag, song) + " was delivered and " + flaw));
            sharedClips(tag, folder);
        } else if (!song.state().isFinal() && song.state() != SongState.IN_DOUBT) {
            lost.add(named(tag, song) + " goes nowhere: " + song.message().orElse("no message"));
        } else if (song.state() != SongState.CANCELLED && Files.exists(folder.resolve("song.json"))) {
            disorder.add(named(tag, song) + " has a song.json");
        }
        for (String step : List.of("lyrics", "song")) {
            for (String task : made.getOrDefault(new Purchase(tag, step), List.of())) {
                if (!isKnown(song, step, task)) {
                    lost.add("%s knows nothing of the %s task %s".formatted(named(tag, song), step, task));
                }
            }
        }
    }

    private static String word(Song song) {
        return song.reason().map(reason -> "failed: " + reason.word()).orElseGet(() -> song.state()
                .word());
    }

    private static String named(String tag, Song song) {
        return "%s (song %s, %s)".formatted(tag, song.id(), word(song));
    }

    /** By its id, as one that had no id of its own to tell, or as what a doubt is about. */
    private static boolean isKnown(Song song, String step, String task) {
        return song.tasks().stream()
                .filter(known -> known.step().word().equals(step))
                .anyMatch(known -> known.outcome() == Task.Outcome.UNKNOWN
                        || known.outcome() == Task.Outcome.MADE
                                && known.taskId().map(task::equals).orElse(true));
    }

    private void sharedClips(String tag, Path folder) throws IOException {
        Set<String> own = new HashSet<>();
        for (JsonNode clip :
                Json.parse(Files.readString(folder.resolve("song.json"))).path("clips")) {
            String url = clip.path("audioUrl").asText("").replaceFirst("[?&]v=\\d+$", "");
            // a clip that was fetched keeps what the vendor called it last, and this one stands for none
            if (clip.hasNonNull("file") && !url.endsWith("/None.mp3")) {
                String other = clipOf.put(url, tag);
                if (other != null && (!other.equals(tag) || !own.add(url))) {
                    lost.add("%s and %s have the same clip %s".formatted(other, tag, url));
                }
                own.add(url);
            }
        }
    }

    private void lookForLeftOvers(Path stage) throws IOException {
        if (Files.isDirectory(stage)) {
            try (Stream<Path> folders = Files.list(stage)) {
                folders.map(folder -> folder.getFileName().toString())
                        .filter(id -> !mayBeRetried(id))
                        .forEach(id -> disorder.add("left behind: " + stage.resolve(id)));
            }
        }
    }

    /** With the clips that it has; whoever retries it needs them. */
    private boolean mayBeRetried(String id) {
        return songs.values().stream()
                .flatMap(List::stream)
                .anyMatch(song -> song.id().equals(id)
                        && song.state() == SongState.FAILED
                        && !song.clips().isEmpty());
    }

    /** Nothing was bought twice or lost, most was delivered, and nothing else is as it should not be. */
    void assertGood(long seed) {
        assertThat(boughtTwice).as("bought twice, seed %d", seed).isEmpty();
        assertThat(lost).as("lost, seed %d", seed).isEmpty();
        assertThat(count(SongState.DELIVERED)).as("delivered, seed %d", seed).isGreaterThan(requests.good() / 2);
        assertThat(disorder).as("disorder, seed %d", seed).isEmpty();
    }

    private int count(SongState state) {
        return counts.getOrDefault(state.word(), 0);
    }

    /** What is counted here, in the order of a song's life. */
    void tell(Table table) {
        table.row("requests written", requests.good() + requests.bad());
        table.row("refused lines", refused);
        table.row("accepted", songs.values().stream().mapToInt(List::size).sum());
        table.row("tasks made", made.values().stream().mapToInt(List::size).sum());
        table.row("delivered", count(SongState.DELIVERED));
        for (Reason reason : Reason.values()) {
            table.row("failed: " + reason.word(), counts.getOrDefault("failed: " + reason.word(), 0));
        }
        table.row("in doubt", count(SongState.IN_DOUBT));
        table.row("cancelled", count(SongState.CANCELLED));
        table.row("bought twice", boughtTwice.size());
        table.row("lost", lost.size());
    }
}
