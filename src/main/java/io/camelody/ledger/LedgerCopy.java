package io.camelody.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Moves a ledger from a file to an empty one in PostgreSQL: all of it in one transaction, or nothing.
 *
 * <p>Two ledgers with the same songs would buy them twice. So the file says that it is moved before the first row leaves it, and
 * nobody works on it from then on, whatever becomes of the copy: to copy again finishes it, {@link #giveUp} goes back. What was
 * under way ends as with any other process, and a paid call that nobody heard the answer of is in doubt.
 */
public final class LedgerCopy {

    /** Hears how far it is, some thousand rows at a time. */
    public interface Progress {
        void copied(String table, long rows, long of);
    }

    private static final String ID = "SELECT ledger_id FROM ledger_version";

    private static final String SCHEMA =
            "SELECT CASE current_schema() WHEN 'public' THEN '' ELSE ' (schema ' || current_schema() || ')' END";

    private final SqliteSource from;
    private final PostgresSource to;

    /**
     * The sources are closed when it is done.
     *
     * @throws LedgerException if it is not from a file to PostgreSQL
     */
    public LedgerCopy(LedgerSource from, LedgerSource to) {
        if (!(from instanceof SqliteSource file && to instanceof PostgresSource database)) {
            throw new LedgerException(
                    "Expected a ledger in a file to copy to jdbc:postgresql://host/database, got: %s to %s. The file may be named by --property camelody.ledger.url=jdbc:sqlite:data/ledger.db."
                            .formatted(from.place(), to.place()));
        }
        this.from = file;
        this.to = database;
    }

    /**
     * Copies the ledger, and has every row read back and compared.
     *
     * @return the rows of each table; empty if the copy was whole already
     * @throws LedgerBusyException if a process works on the file
     * @throws LedgerException if the target has songs of its own, or the file is moved elsewhere already
     */
    public Optional<Map<String, Long>> make(Progress progress) {
        return alone((source, target) -> {
            to.beginWork();
            to.migrations().update(target);
            String place = place();
            Optional<String> moved = source.read(Moved::to);
            demandSame(moved, place);
            boolean isThere = isCopied(source, target);
            if (!isThere) {
                target.read(session -> {
                    new Tables(session).demandEmpty(place);
                    return null;
                });
            }
            if (moved.isEmpty()) {
                from.migrations().update(source);
                new Handover(source, from.clock(), new Doubts(source, from.clock())).takeOver();
                source.write(session -> Moved.note(session, Optional.of(place)));
            }
            return isThere ? Optional.empty() : Optional.of(copy(source, target, place, progress));
        });
    }

    private Map<String, Long> copy(Database source, Database target, String place, Progress progress) {
        try {
            return source.read(reading -> target.write(writing -> {
                writing.lock("copy");
                new Tables(writing).demandEmpty(place);
                Map<String, Long> rows = new RowCopy(reading, from.place(), writing, progress).run();
                String id = id(reading);
                writing.update("UPDATE ledger_version SET ledger_id = ?", id);
                return rows;
            }));
        } catch (LedgerException e) {
            throw new LedgerException(
                    e.getMessage()
                            + " The copy was broken off, and nothing works on the file until the same command has finished it, or has been given --give-up.",
                    e);
        }
    }

    /**
     * Lets the file be worked on again, of which no copy has been finished.
     *
     * @throws NotPossibleException if it is not being moved, or if the copy is whole, so that somebody may work on that
     */
    public void giveUp() {
        alone((source, target) -> {
            Optional<String> moved = source.read(Moved::to);
            if (moved.isEmpty()) {
                throw new NotPossibleException("The ledger is moved nowhere. (ledger: %s)".formatted(from.place()));
            }
            demandSame(moved, place());
            if (isCopied(source, target)) {
                throw new NotPossibleException(
                        "The copy is whole, and to work on both would buy songs twice. Drop its tables first, if nothing has worked on it. (ledger: %s)"
                                .formatted(moved.get()));
            }
            return source.write(session -> Moved.note(session, Optional.empty()));
        });
    }

    private interface Work<T> {
        T with(Database source, Database target);
    }

    private <T> T alone(Work<T> work) {
        if (!from.isThere()) {
            throw new LedgerException("There is no ledger. (ledger: %s)".formatted(from.place()));
        }
        WorkLock lock = from.beginWork().orElseThrow();
        try (Database source = new Database(from.evenIfMoved());
                Database target = new Database(to)) {
            return work.with(source, target);
        } finally {
            lock.close();
        }
    }

    /** Waits for a copy whose process is gone and whose end the server has not noticed. */
    private boolean isCopied(Database source, Database target) {
        return to.isThere()
                && target.<Boolean>write(session -> {
                    session.lock("copy");
                    return id(session).equals(source.read(LedgerCopy::id));
                });
    }

    private static String id(Session session) throws SQLException {
        return session.find(row -> row.getString(1), ID).orElseThrow();
    }

    /** As people know it, without what may be a secret in the URL. */
    private String place() {
        try (Connection connection = to.connect()) {
            Session session = new Session(connection, to.dialect());
            return to.place() + session.find(row -> row.getString(1), SCHEMA).orElseThrow();
        } catch (SQLException e) {
            throw new LedgerException("opened", e, to.place());
        }
    }

    private void demandSame(Optional<String> moved, String place) {
        if (moved.isPresent() && !moved.get().equals(place)) {
            throw new LedgerException("The ledger is moved to %s already, and not to %s. (ledger: %s)"
                    .formatted(moved.get(), place, from.place()));
        }
    }
}
