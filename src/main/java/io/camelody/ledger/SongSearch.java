package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lists songs, newest first, that somebody looks for. A look costs no more than {@link #LOOKED_AT} rows, whatever the ledger
 * holds: where it ends early, its page is short or even empty, and says where the next goes on.
 */
public final class SongSearch {

    static final int LOOKED_AT = 10_000;

    private static final int CHUNK = 500;

    /**
     * @param text that is part of a song's id, title or prompt, in capitals or not
     * @param sandbox whether it is the sandbox's
     */
    public record Wish(
            Optional<SongState> state,
            Optional<String> vendor,
            Optional<String> batch,
            Optional<String> text,
            Optional<Boolean> sandbox) {}

    /** @param next where the next page begins; empty if there is none */
    public record Page(List<Song> songs, Optional<Cursor> next) {}

    private record Candidate(
            String id,
            Instant acceptedAt,
            String vendor,
            String state,
            boolean sandbox,
            String request,
            String written) {

        Cursor cursor() {
            return new Cursor(acceptedAt, id);
        }
    }

    private static final String COLUMNS =
            "SELECT id, accepted_at, vendor, state, sandbox, request, written FROM song WHERE ";

    private static final String BEFORE = "(accepted_at, id) < (?, ?) ORDER BY accepted_at DESC, id DESC LIMIT ?";

    private static final String ANY = COLUMNS + "CAST(? AS TEXT) IS NULL AND " + BEFORE;

    private static final String IN_STATE = COLUMNS + "state = ? AND " + BEFORE;

    static final String OF_BATCH = COLUMNS + "batch = ? AND " + BEFORE;

    private final Database database;

    SongSearch(Database database) {
        this.database = database;
    }

    /** @param before where the last page ended; empty for the first */
    public Page newest(Wish wish, Optional<Cursor> before, int max) {
        return database.read(session -> {
            List<Song> songs = new ArrayList<>();
            Cursor at = before.orElse(new Cursor(Instant.ofEpochMilli(Long.MAX_VALUE), ""));
            for (int looked = 0; looked < LOOKED_AT; looked += CHUNK) {
                List<Candidate> chunk = chunk(session, wish, at);
                for (Candidate each : chunk) {
                    if (isWanted(each, wish)) {
                        if (songs.size() == max) {
                            return new Page(songs, Optional.of(at));
                        }
                        songs.add(Rows.song(session, each.id()).orElseThrow());
                    }
                    at = each.cursor();
                }
                if (chunk.size() < CHUNK) {
                    return new Page(songs, Optional.empty());
                }
            }
            return new Page(songs, Optional.of(at));
        });
    }

    private static List<Candidate> chunk(Session session, Wish wish, Cursor at) throws SQLException {
        String sql = wish.batch().isPresent() ? OF_BATCH : wish.state().isPresent() ? IN_STATE : ANY;
        Optional<String> by = wish.batch().or(() -> wish.state().map(SongState::word));
        return session.list(SongSearch::candidate, sql, by, at.acceptedAt().toEpochMilli(), at.id(), CHUNK);
    }

    private static Candidate candidate(ResultSet row) throws SQLException {
        return new Candidate(
                row.getString(1),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getString(6),
                row.getString(7));
    }

    private static boolean isWanted(Candidate song, Wish wish) {
        return wish.state().map(state -> state.word().equals(song.state())).orElse(true)
                && wish.vendor().map(song.vendor()::equals).orElse(true)
                && wish.sandbox().map(kind -> kind == song.sandbox()).orElse(true)
                && wish.text()
                        .map(text -> has(song, text.toLowerCase(Locale.ROOT)))
                        .orElse(true);
    }

    private static boolean has(Candidate song, String text) {
        if (contains(song.id(), text)) {
            return true;
        }
        JsonNode request = Json.parse(song.request());
        return contains(request.path("title").asText(), text)
                || contains(request.path("prompt").asText(), text)
                || song.written() != null
                        && contains(Json.parse(song.written()).path("title").asText(), text);
    }

    private static boolean contains(String in, String text) {
        return in.toLowerCase(Locale.ROOT).contains(text);
    }
}
