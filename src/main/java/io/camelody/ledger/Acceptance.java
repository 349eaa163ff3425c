package io.camelody.ledger;

import io.camelody.request.Json;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes requests down as songs, each id once. */
final class Acceptance {

    private static final String INSERT =
            """
            INSERT INTO song (id, state, vendor, lyrics_vendor, step, step_vendor, due_at, accepted_at, state_at, sandbox, batch, source,
                notes, movable, webhook, request)
            VALUES (?, 'accepted', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """;

    private static final String STANDING = "SELECT state, batch, sandbox, request FROM song WHERE id = ?";

    /** What was tried in the sandbox does not keep a request from being made. */
    private static final String FORGET_TASKS =
            "DELETE FROM task WHERE song_id IN (SELECT id FROM song WHERE id = ? AND sandbox = 1)";

    private static final String FORGET_SONG = "DELETE FROM song WHERE id = ? AND sandbox = 1";

    private static final String JOIN_BATCH = "UPDATE song SET batch = ? WHERE id = ? AND sandbox = ?";

    private final Database database;
    private final Clock clock;

    Acceptance(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @see SongLedger#accept */
    List<Receipt> accept(List<NewSong> songs, boolean sandbox) {
        return database.write(session -> {
            Receipt[] made = new Receipt[songs.size()];
            int[] order = order(session, songs);
            boolean[] inserted =
                    insert(session, Arrays.stream(order).mapToObj(songs::get).toList(), sandbox);
            for (int i = 0; i < order.length; i++) {
                NewSong song = songs.get(order[i]);
                made[order[i]] = inserted[i] ? accepted(song, sandbox) : standing(session, song, sandbox);
            }
            return List.of(made);
        });
    }

    /** By their ids where two nodes may be given the same songs: they would wait for each other, each for what the other has. */
    private static int[] order(Session session, List<NewSong> songs) {
        Stream<Integer> all = IntStream.range(0, songs.size()).boxed();
        return (session.dialect().isShared()
                        ? all.sorted(Comparator.comparing(i -> songs.get(i).id()))
                        : all)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** @return of each whether nothing stood in its place */
    private boolean[] insert(Session session, List<NewSong> songs, boolean sandbox) throws SQLException {
        long now = clock.millis();
        Set<String> left = session.insertEach(
                INSERT, songs.stream().map(song -> row(song, sandbox, now)).toList());
        boolean[] inserted = new boolean[songs.size()];
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < inserted.length; i++) {
            String id = songs.get(i).id();
            // the first of those that are the same
            inserted[i] = left.remove(id);
            if (inserted[i]) {
                ids.add(id);
            }
        }
        session.dialect().noteAcceptance(session, ids, now);
        return inserted;
    }

    private static Object[] row(NewSong song, boolean sandbox, long now) {
        return new Object[] {
            song.id(),
            song.vendor(),
            song.lyricsVendor(),
            (song.lyricsVendor().isPresent() ? Step.LYRICS : Step.SONG).word(),
            song.lyricsVendor().orElse(song.vendor()),
            now,
            now,
            now,
            sandbox,
            song.batch(),
            song.source(),
            Json.write(Json.MAPPER.valueToTree(song.notes())),
            song.isMovable(),
            song.hasWebhook(),
            Json.write(song.request())
        };
    }

    private static Receipt accepted(NewSong song, boolean sandbox) {
        return new Receipt(song.id(), SongState.ACCEPTED, true, false, sandbox, false);
    }

    private Receipt standing(Session session, NewSong song, boolean sandbox) throws SQLException {
        Optional<Receipt> found = session.find(
                row -> new Receipt(
                        song.id(),
                        SongState.of(row.getString(1)).orElseThrow(),
                        false,
                        song.batch().equals(Optional.ofNullable(row.getString(2))),
                        row.getBoolean(3),
                        differs(row.getString(4), Json.write(song.request()))),
                STANDING,
                song.id());
        boolean wasTried = !sandbox && found.isPresent() && found.get().sandbox();
        if (wasTried) {
            session.update(FORGET_TASKS, song.id());
            session.update(FORGET_SONG, song.id());
        }
        // or another node has put a real song in the place of the sandbox's at this moment
        if (wasTried || found.isEmpty()) {
            return insert(session, List.of(song), sandbox)[0]
                    ? accepted(song, sandbox)
                    : standing(session, song, sandbox);
        }
        Receipt standing = found.get();
        if (song.batch().isPresent() && !standing.sameBatch() && !standing.differs()) {
            session.update(JOIN_BATCH, song.batch(), song.id(), sandbox);
        }
        return standing;
    }

    /** The order of fields is nobody's wish. */
    private static boolean differs(String standing, String request) {
        return !standing.equals(request) && !Json.parse(standing).equals(Json.parse(request));
    }
}
