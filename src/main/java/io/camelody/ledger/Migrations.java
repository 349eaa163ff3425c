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

    private Migrations() {}

    private static final String IS_THERE = "SELECT to_regclass('ledger_version') IS NOT NULL";

    /** In an empty file. */
    static void create(Database database) {
        database.write(session -> migrate(session, 0));
    }

    /** In a schema of PostgreSQL, where nodes that start together make one ledger. */
    static void createUnlessThere(Database database) {
        if (database.read(Migrations::isThere)) {
            return;
        }
        database.write(session -> {
            session.lock("migration");
            return isThere(session) ? 0 : migrate(session, 0);
        });
    }

    /** Whether a schema of PostgreSQL has a ledger. */
    static boolean isThere(Session session) throws SQLException {
        return session.find(row -> row.getBoolean(1), IS_THERE).orElse(false);
    }

    /** @throws LedgerException if it is newer than this program, or has never been a ledger */
    static void update(Database database) {
        int known = database.dialect().migrations.size();
        if (database.read(Migrations::version) != known) {
            database.write(session -> {
                session.lock("migration");
                int found = version(session);
                if (found == 0) {
                    throw new LedgerException(
                            "The file is a database and not a Camelody ledger; it was left as it is. Name another one in camelody.ledger.url. (ledger: %s)"
                                    .formatted(database.place()));
                }
                if (found > known) {
                    throw new LedgerException(
                            "The ledger has version %d and this program knows up to %d. Use the newer Camelody that wrote it. (ledger: %s)"
                                    .formatted(found, known, database.place()));
                }
                return migrate(session, found);
            });
        }
    }

    private static int migrate(Session session, int from) throws SQLException {
        List<String> scripts = session.dialect().migrations;
        for (String script : scripts.subList(from, scripts.size())) {
            execute(session, script(script));
        }
        execute(session, session.dialect().writeVersion.formatted(scripts.size()));
        return scripts.size();
    }

    static int version(Session session) throws SQLException {
        return session.find(row -> row.getInt(1), session.dialect().readVersion).orElse(0);
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
