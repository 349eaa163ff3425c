package io.camelody.cli;

import io.camelody.ledger.NotPossibleException;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.request.SongRequest;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Does one thing to each of some songs, with a line for each: what happened to standard output, why not to standard error.
 * A song that cannot be steered does not keep the others from it.
 */
final class Steered {

    /**
     * What happened to a song.
     *
     * @param goesOn whether a worker takes it up from here
     */
    record Turned(String words, boolean goesOn) {}

    interface Turn {
        Turned of(Song song);
    }

    private static final String GOES_ON =
            "camelody run, or a batch of these songs, that is running takes them up within seconds; otherwise start camelody run, or run the same batch again.";

    private final CommandLine line;
    private final Workplace place;

    Steered(CommandLine line, Workplace place) {
        this.line = line;
        this.place = place;
    }

    /** @return the exit code: whether all could be steered */
    int each(Collection<String> ids, SongLedger ledger, Turn turn) {
        PrintWriter out = line.getOut();
        int done = 0;
        boolean anyGoesOn = false;
        Collection<String> songs = new LinkedHashSet<>(ids);
        for (String id : songs) {
            Optional<Song> song =
                    Optional.ofNullable(ledger).flatMap(open -> open.catalog().find(id));
            try {
                if (song.isPresent()) {
                    Turned turned = turn.of(song.get());
                    out.println(id + " " + turned.words());
                    anyGoesOn |= turned.goesOn();
                    done++;
                } else {
                    line.getErr().printf("There is no song %s. See camelody songs. (song: %s)%n", id, id);
                }
            } catch (NotPossibleException | UsageException e) {
                line.getErr().println(e.getMessage());
            }
        }
        if (anyGoesOn) {
            out.println(GOES_ON);
        }
        return done == songs.size() ? Camelody.OK : Camelody.NOT_ALL;
    }

    /** How long a task may take from now on: as the song's request says, or its vendor's settings. */
    Duration timeout(Song song) {
        return new SongRequest(song.request()).timeout().orElseGet(() -> place.vendors()
                .find(song.stepVendor())
                .orElseThrow(() -> new UsageException("There is no vendor %s in routes/vendors. (song: %s, vendor: %s)"
                        .formatted(song.stepVendor(), song.id(), song.stepVendor())))
                .timeout());
    }
}
