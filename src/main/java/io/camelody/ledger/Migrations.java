package io.camelody.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings a ledger to the version of this program, one transaction for all of it.
 *
 * <p>A released migration is never edited. A ledger that is newer than the program is refused, since an older program
 * cannot know what a newer one has promised in it.
 */
final class Migrations {

    private static final List<String> SCRIPTS = List.of("V1__songs_and_tasks.sql");

    private Migrations() {}

    /** In an empty file. */
    static void create(Database database) {
        database.write(session -> migrate(session, 0));
    }

    /** @throws LedgerException if it is newer than this program, or has never been a ledger */
    static void update(Database database) {
        if (database.read(Migrations::version) != SCRIPTS.size()) {
            database.write(session -> {
                int found = version(session);
                if (found == 0) {
                    throw new LedgerException(
                            "The file is a database and not a Camelody ledger; it was left as it is. Name another one in camelody.ledger.url. (ledger: %s)"
                                    .formatted(database.file()));
                }
                if (found > SCRIPTS.size()) {
                    throw new LedgerException(
                            "The ledger has version %d and this program knows up to %d. Use the newer Camelody that wrote it. (ledger: %s)"
                                    .formatted(found, SCRIPTS.size(), database.file()));
                }
                return migrate(session, found);
            });
        }
    }

    private static int migrate(Session session, int from) throws SQLException {
        for (String script : SCRIPTS.subList(from, SCRIPTS.size())) {
            execute(session, script(script));
        }
        execute(session, "PRAGMA user_version = " + SCRIPTS.size());
        return SCRIPTS.size();
    }

    static int version(Session session) throws SQLException {
        return session.find(row -> row.getInt(1), "PRAGMA user_version").orElse(0);
    }

    private static void execute(Session session, String script) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.executeUpdate(script);
        }
    }

    private static String script(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream("/camelody/ledger/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
