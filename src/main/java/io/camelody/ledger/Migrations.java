package io.camelody.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings a ledger to the version of this program, one transaction for all of it.
 *
 * <p>A program is known by how many migrations it has. A ledger that a newer one has been at is worked on as long as it says
 * that this one may: so the old and the new version run side by side over one migration. A released migration is never edited.
 */
final class Migrations {

    private static final String VERSION = "SELECT version FROM ledger_version";

    private static final String OLDEST = "SELECT oldest_program FROM ledger_version";

    private static final String WRITE_VERSION = "UPDATE ledger_version SET version = ?";

    private final List<String> scripts;

    /** @param scripts the names of the files; each brings the tables to its number in this list */
    Migrations(List<String> scripts) {
        this.scripts = List.copyOf(scripts);
    }

    /** Where there is none, one for all who start together. */
    void createUnlessThere(LedgerSource source) {
        try (Connection connection = source.connect()) {
            Session session = new Session(connection, source.dialect());
            if (isThere(session)) {
                return;
            }
            session.update("BEGIN");
            try {
                session.lock("migration");
                if (!isThere(session)) {
                    migrate(session, 0);
                }
                session.update("COMMIT");
            } catch (SQLException | RuntimeException e) {
                Writer.rollBack(session, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new LedgerException("begun", e, source.place());
        }
    }

    /** Whether the database has a ledger. */
    static boolean isThere(Session session) throws SQLException {
        return session.find(row -> true, session.dialect().isLedger).isPresent();
    }

    /** @throws LedgerException if this program may not work on it any more, or if it has never been a ledger */
    void update(Database database) {
        int before = database.read(session -> {
            demandLedger(session, database.place());
            demandWorkable(oldestProgram(session), database.place());
            return version(session);
        });
        if (before < scripts.size()) {
            database.write(session -> {
                session.lock("migration");
                for (String bound : session.dialect().migrationBounds) {
                    session.update(bound);
                }
                int found = version(session);
                if (found < scripts.size()) {
                    migrate(session, found);
                }
                return null;
            });
        }
    }

    private static void demandLedger(Session session, String place) throws SQLException {
        if (!isThere(session)) {
            throw new LedgerException(
                    "The file is a database and not a Camelody ledger; it was left as it is. Name another one in camelody.ledger.url. (ledger: %s)"
                            .formatted(place));
        }
    }

    /**
     * @param oldest the program that the ledger says may work on it at least
     * @throws LedgerException if this one is older
     */
    void demandWorkable(int oldest, String place) {
        if (oldest > scripts.size()) {
            throw new LedgerException(
                    "A newer Camelody has brought the ledger to where this one cannot work on it any more: expected one that knows version %d of the ledger, this one knows up to %d. Use the newer Camelody; nothing more is read or written by this one. (ledger: %s)"
                            .formatted(oldest, scripts.size(), place));
        }
    }

    private void migrate(Session session, int from) throws SQLException {
        for (String script : scripts.subList(from, scripts.size())) {
            execute(session, script(script));
        }
        session.update(WRITE_VERSION, scripts.size());
    }

    static int oldestProgram(Session session) throws SQLException {
        return session.find(row -> row.getInt(1), OLDEST).orElseThrow();
    }

    static int version(Session session) throws SQLException {
        return session.find(row -> row.getInt(1), VERSION).orElseThrow();
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
