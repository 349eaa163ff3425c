package io.camelody.ledger;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.camelody.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What happened to songs, each change of state in the order of the commits, whichever process made it. Changes nothing.
 *
 * <p>Whoever keeps the number of the last happening that it saw misses none and sees none twice.
 */
public final class Happenings {

    private static final String HAPPENING =
            """
            SELECT event.number, event.song_id, event.state, event.reason, event.at, song.accepted_at, song.vendor,
                song.request, song.written, song.clips
            FROM event JOIN song ON song.id = event.song_id
            """;

    private static final String AFTER = HAPPENING
            + "WHERE event.number > ? AND (CAST(? AS INTEGER) IS NULL OR song.sandbox = ?) ORDER BY event.number LIMIT ?";

    private static final String OF = HAPPENING + "WHERE event.song_id = ? ORDER BY event.number";

    private static final String LAST = "SELECT COALESCE(MAX(number), 0) FROM event";

    private final Database database;
    private final Consumer<Runnable> listeners;
    private final Optional<Boolean> sandbox;

    Happenings(Database database, Consumer<Runnable> listeners) {
        this(database, listeners, Optional.empty());
    }

    private Happenings(Database database, Consumer<Runnable> listeners, Optional<Boolean> sandbox) {
        this.database = database;
        this.listeners = listeners;
        this.sandbox = sandbox;
    }

    /** Those of the sandbox's songs alone, or of the others. A song's own life is that of any. */
    public Happenings ofKind(boolean ofSandbox) {
        return new Happenings(database, listeners, Optional.of(ofSandbox));
    }

    /** The first {@code max} happenings after a number; all of them are after 0. */
    public List<Happening> after(long number, int max) {
        return database.read(session -> session.list(Happenings::happening, AFTER, number, sandbox, sandbox, max));
    }

    /** A song's life so far; empty if there is no such song. */
    public List<Happening> of(String songId) {
        return database.read(session -> session.list(Happenings::happening, OF, songId));
    }

    /** The number of the last happening, 0 before the first. */
    public long last() {
        return database.read(
                session -> session.find(row -> row.getLong(1), LAST).orElseThrow());
    }

    /**
     * Calls {@code wake} after something may have happened in this process. It must not block. What other processes do is
     * not told: look once a second too.
     */
    public void onHappening(Runnable wake) {
        listeners.accept(wake);
    }

    private static Happening happening(ResultSet row) throws SQLException {
        return new Happening(
                row.getLong("number"),
                row.getString("song_id"),
                row.getString("state"),
                Optional.ofNullable(row.getString("reason")),
                Instant.ofEpochMilli(row.getLong("at")),
                Instant.ofEpochMilli(row.getLong("accepted_at")),
                row.getString("vendor"),
                title(row));
    }

    private static Optional<String> title(ResultSet row) throws SQLException {
        String written = row.getString("written");
        return SongDocument.title(
                Json.parse(row.getString("request")),
                written == null ? MissingNode.getInstance() : Json.parse(written),
                Json.parse(row.getString("clips")));
    }
}
