package io.camelody.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.VendorBooks;
import io.camelody.testkit.VendorBooks.Purchase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

    private final Requests requests;
    private final Map<Purchase, List<String>> made;
    private final Map<String, List<Song>> songs = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, String> clipOf = new HashMap<>();
    private final List<String> boughtTwice = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> disorder = new ArrayList<>();
    private final int refused;

    /** @param home of a batch that has ended, as this process sees it */
    Reckoning(Path home, Requests requests, VendorBooks books) throws IOException, InterruptedException {
        this.requests = requests;
        this.made = books.tasks();
        readLedger(home);
        refused = refused(home.resolve("rejected"));
        for (int i = 0; i < requests.good(); i++) {
            judge(home, VendorBooks.tag(i));
        }
        made.forEach((purchase, tasks) -> {
            if (tasks.size() > 1) {
                boughtTwice.add(purchase + ": " + tasks);
            }
        });
        if (refused != requests.bad()) {
            disorder.add("Expected %d refused lines, got: %d".formatted(requests.bad(), refused));
        }
        lookForLeftOvers(home);
        books.sandbox().violations().forEach(disorder::add);
    }

    /** Read from a copy: SQLite cannot open the ledger itself on a small disk from the outside. */
    private void readLedger(Path home) throws IOException {
        Path copy = Files.createTempDirectory("camelody-ledger");
        for (String file : List.of("ledger.db", "ledger.db-wal")) {
            if (Files.exists(home.resolve("data").resolve(file))) {
                Files.copy(home.resolve("data").resolve(file), copy.resolve(file));
            }
        }
        try (SongLedger ledger = SongLedger.openBeside("jdbc:sqlite:" + copy.resolve("ledger.db"), Clock.systemUTC())) {
            Cursor after = Cursor.START;
            for (List<Song> page = page(ledger, after); !page.isEmpty(); page = page(ledger, after)) {
                for (Song song : page) {
                    String tag = VendorBooks.tagIn(Json.write(song.request())).orElse(song.id());
                    songs.computeIfAbsent(tag, any -> new ArrayList<>()).add(song);
                }
                Song last = page.get(page.size() - 1);
                after = new Cursor(last.acceptedAt(), last.id());
            }
        }
    }

    private static List<Song> page(SongLedger ledger, Cursor after) {
        return ledger.catalog().page(Optional.empty(), Optional.empty(), after, 500);
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

    private void judge(Path home, String tag) throws IOException, InterruptedException {
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
        Path folder = home.resolve("songs").resolve(song.id());
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

    private void lookForLeftOvers(Path home) throws IOException {
        Path stage = home.resolve("data/audio");
        if (Files.isDirectory(stage)) {
            try (Stream<Path> folders = Files.list(stage)) {
                folders.map(folder -> folder.getFileName().toString())
                        .filter(id -> !mayBeRetried(id))
                        .forEach(id -> disorder.add("left behind: data/audio/" + id));
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

    List<String> boughtTwice() {
        return boughtTwice;
    }

    List<String> lost() {
        return lost;
    }

    /** What is neither lost nor bought twice, and should not be. */
    List<String> disorder() {
        return disorder;
    }

    int count(SongState state) {
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
    }
}
