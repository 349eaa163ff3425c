package io.camelody.ledger;

import java.util.Collection;

/** How often files of requests have been asked for anew: part of the ids that are made from them. */
public final class Generations {

    private static final String GENERATION = "SELECT generation FROM source WHERE path = ?";

    private static final String NEXT_GENERATION =
            """
            INSERT INTO source (path, generation) VALUES (?, 1)
            ON CONFLICT (path) DO UPDATE SET generation = source.generation + 1
            """;

    private final Database database;

    Generations(Database database) {
        this.database = database;
    }

    /** How often a file has been asked for anew; 0 at first. */
    public int of(String source) {
        return database.read(session ->
                session.find(row -> row.getInt(1), GENERATION, source).orElse(0));
    }

    /** From here on, each of these files makes new songs: all of them, or none. */
    public void raise(Collection<String> sources) {
        database.write(session -> {
            for (String source : sources) {
                session.update(NEXT_GENERATION, source);
            }
            return null;
        });
    }
}
