package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads rows of the tables as {@link Song}s and {@link Task}s. */
final class Rows {

    static final String TASKS = "SELECT * FROM task WHERE song_id %s ORDER BY song_id, number";

    private static final String SONG = "SELECT * FROM song WHERE id = ?";

    private static final String LOCK = "SELECT 1 FROM song WHERE id = ?";

    private Rows() {}

    static Optional<Song> song(Session session, String id) throws SQLException {
        return songs(session, SONG, id).stream().findFirst();
    }

    /** Nobody else changes it before this transaction ends. */
    static Optional<Song> songForUpdate(Session session, String id) throws SQLException {
        session.find(row -> true, LOCK + session.dialect().forUpdate, id);
        return song(session, id);
    }

    /** The songs that a statement answers, in its order, with their tasks, which are read together. */
    static List<Song> songs(Session session, String sql, Object... parameters) throws SQLException {
        Map<String, List<Task>> tasks = new HashMap<>();
        List<Song> songs = session.list(
                row -> song(row, tasks.computeIfAbsent(row.getString("id"), id -> new ArrayList<>())), sql, parameters);
        if (!songs.isEmpty()) {
            session.list(
                    row -> tasks.get(row.getString("song_id")).add(task(row)),
                    TASKS.formatted(session.dialect().isOneOf),
                    Json.write(Json.MAPPER.valueToTree(tasks.keySet())));
        }
        return songs;
    }

    private static Song song(ResultSet row, List<Task> tasks) throws SQLException {
        return new Song(
                row.getString("id"),
                SongState.of(row.getString("state")).orElseThrow(),
                text(row, "reason").map(Reason::of),
                text(row, "message"),
                row.getString("vendor"),
                text(row, "lyrics_vendor"),
                Step.of(row.getString("step")),
                (ObjectNode) Json.parse(row.getString("request")),
                StreamSupport.stream(Json.parse(row.getString("notes")).spliterator(), false)
                        .map(JsonNode::textValue)
                        .toList(),
                text(row, "source"),
                row.getBoolean("sandbox"),
                text(row, "written").map(written -> (ObjectNode) Json.parse(written)),
                (ArrayNode) Json.parse(row.getString("clips")),
                SinkDelivery.of(Json.parse(row.getString("sinks"))),
                row.getInt("attempt"),
                Instant.ofEpochMilli(row.getLong("due_at")),
                time(row, "timeout_at"),
                time(row, "settling_at"),
                Instant.ofEpochMilli(row.getLong("accepted_at")),
                time(row, "submitted_at"),
                time(row, "polled_at"),
                time(row, "generated_at"),
                time(row, "finished_at"),
                Collections.unmodifiableList(tasks));
    }

    private static Task task(ResultSet row) throws SQLException {
        return new Task(
                row.getInt("number"),
                Step.of(row.getString("step")),
                row.getString("vendor"),
                Task.Outcome.of(row.getString("outcome")),
                text(row, "task_id"),
                row.getLong("price"),
                text(row, "status"),
                (ArrayNode) Json.parse(row.getString("clips")),
                text(row, "error"),
                row.getInt("missing"),
                row.getBoolean("superseded"),
                Instant.ofEpochMilli(row.getLong("intended_at")),
                time(row, "ended_at"),
                text(row, "answer"));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
