package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/** What tasks have cost, counted from the ledger by the prices that were set when they were asked for. */
public final class Costs {

    /**
     * Of one group; prices in micro-dollars.
     *
     * @param doubted tasks that are being asked for, or of which nobody knows whether they were taken
     * @param notMade paid calls that certainly bought nothing
     */
    public record Cost(int made, long price, int doubted, long doubtedPrice, int notMade) {

        Cost plus(Cost other) {
            return new Cost(
                    made + other.made,
                    price + other.price,
                    doubted + other.doubted,
                    doubtedPrice + other.doubtedPrice,
                    notMade + other.notMade);
        }
    }

    private static final String COUNTS =
            """
            COALESCE(SUM(CASE WHEN outcome = 'made' THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome = 'made' THEN price ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome IN ('intended', 'unknown') THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome IN ('intended', 'unknown') THEN price ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN outcome = 'not-made' THEN 1 ELSE 0 END), 0)
            FROM task WHERE sandbox = ?
            """;

    private static final String BY_VENDOR = "SELECT vendor, " + COUNTS + " GROUP BY vendor";

    private static final String BY_VENDOR_SINCE = "SELECT vendor, " + COUNTS + " AND intended_at >= ? GROUP BY vendor";

    private static final String BY_DAY =
            "SELECT intended_at / 86400000, " + COUNTS + " GROUP BY intended_at / 86400000";

    private static final String BY_SONG =
            "SELECT (SELECT request FROM song WHERE id = song_id), " + COUNTS + " GROUP BY song_id";

    private final Database database;

    Costs(Database database) {
        this.database = database;
    }

    public Map<String, Cost> byVendor(boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(row -> costs.put(row.getString(1), cost(row)), BY_VENDOR, sandbox));
        return costs;
    }

    /** Of paid calls made since. */
    public Map<String, Cost> byVendorSince(Instant from, boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(
                row -> costs.put(row.getString(1), cost(row)), BY_VENDOR_SINCE, sandbox, from.toEpochMilli()));
        return costs;
    }

    /** By the day of the paid call, in UTC. */
    public Map<String, Cost> byDay(boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(
                row -> costs.put(LocalDate.ofEpochDay(row.getLong(1)).toString(), cost(row)), BY_DAY, sandbox));
        return costs;
    }

    /** By each label of the requests, {@code name=value}; a song with several counts under each, one without under none. */
    public Map<String, Cost> byLabel(boolean sandbox) {
        Map<String, Cost> costs = new TreeMap<>();
        database.read(session -> session.list(
                row -> {
                    Cost cost = cost(row);
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

    private static Cost cost(ResultSet row) throws SQLException {
        return new Cost(row.getInt(2), row.getLong(3), row.getInt(4), row.getLong(5), row.getInt(6));
    }
}
