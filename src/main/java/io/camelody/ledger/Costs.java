package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/** What tasks have cost, counted from the ledger by the prices that were set when they were asked for. */
public final class Costs {

    /**
     * Of one group; prices in micro-dollars.
     *
     * @param doubted tasks of which nobody knows whether they were taken
     */
    public record Cost(int made, long price, int doubted, long doubtedPrice) {

        Cost plus(Cost other) {
            return new Cost(
                    made + other.made, price + other.price, doubted + other.doubted, doubtedPrice + other.doubtedPrice);
        }
    }

    private static final String COUNTS =
            """
            COALESCE(SUM(CASE WHEN outcome = 'made' THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome = 'made' THEN price ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome IN ('intended', 'unknown') THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome IN ('intended', 'unknown') THEN price ELSE 0 END), 0)
            FROM task
            """;

    private static final String BY_VENDOR =
            "SELECT vendor, " + COUNTS + " WHERE sandbox = ? AND outcome <> 'not-made' GROUP BY vendor";

    private static final String BY_DAY = "SELECT intended_at / 86400000, " + COUNTS
            + " WHERE sandbox = ? AND outcome <> 'not-made' GROUP BY intended_at / 86400000";

    private static final String BY_SONG = "SELECT (SELECT request FROM song WHERE id = song_id), " + COUNTS
            + " WHERE sandbox = ? AND outcome <> 'not-made' GROUP BY song_id";

    private final Database database;

    Costs(Database database) {
        this.database = database;
    }

    public Map<String, Cost> byVendor(boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(
                row -> costs.put(
                        row.getString(1), new Cost(row.getInt(2), row.getLong(3), row.getInt(4), row.getLong(5))),
                BY_VENDOR,
                sandbox));
        return costs;
    }

    /** By the day of the paid call, in UTC. */
    public Map<String, Cost> byDay(boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(
                row -> costs.put(
                        LocalDate.ofEpochDay(row.getLong(1)).toString(),
                        new Cost(row.getInt(2), row.getLong(3), row.getInt(4), row.getLong(5))),
                BY_DAY,
                sandbox));
        return costs;
    }

    /** By each label of the requests, {@code name=value}; a song with several counts under each, one without under none. */
    public Map<String, Cost> byLabel(boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(
                row -> {
                    Cost cost = new Cost(row.getInt(2), row.getLong(3), row.getInt(4), row.getLong(5));
                    JsonNode labels = Json.parse(row.getString(1)).path("labels");
                    labels.properties()
                            .forEach(label -> costs.merge(
                                    label.getKey() + "=" + label.getValue().asText(), cost, Cost::plus));
                    return null;
                },
                BY_SONG,
                sandbox));
        return costs;
    }
}
