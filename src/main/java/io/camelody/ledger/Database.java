package io.camelody.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The connections to the ledger: one that writes, in PostgreSQL another one that claims, and as many that read as there are readers
 * at a time.
 *
 * <p>A write is durable when it has returned. Writes that come while another is under way go together in the next
 * transaction, each on its own merits. SQLite has one writer at a time over all processes; one that finds it busy waits up
 * to ten seconds. In PostgreSQL, where a connection is lost, or it stood in the way of another, the
 * transaction is made once more within those ten seconds, and so may be the work in it.
 */
final class Database implements AutoCloseable {

    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    /** What many callers may want at a time, made together; the answers are in the order of what they want. */
    interface WorkOnAll<W, T> {
        List<T> in(Session session, List<W> wanted) throws SQLException;
    }

    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Which of all that ever work on the ledger this is. */
    private final String node = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    private final LedgerSource source;
    private final Dialect dialect;
    private final Writes changes;
    private final Writes claims;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
    private volatile WriteListener listener = (took, written) -> {};
    private volatile boolean closed;

    Database(LedgerSource source) {
        this.source = source;
        this.dialect = source.dialect();
        this.changes = new Writes(source, node);
        this.claims = dialect.isShared() ? new Writes(source, node + "-claims") : changes;
        changes.open();
    }

    String place() {
        return source.place();
    }

    String node() {
        return node;
    }

    Dialect dialect() {
        return dialect;
    }

    void onWrite(WriteListener hearing) {
        listener = hearing;
    }

    private Session connect() throws SQLException {
        if (closed) {
            throw new SQLException("it is closed");
        }
        return new Session(source.connect(), dialect);
    }

    /**
     * Runs the work durably: all of it, or none. It must not write by itself, may run in the thread of another caller, in one
     * transaction with what others write at this moment, and may run once more where that transaction could not be made.
     */
    <T> T write(Work<T> work) {
        return write(List.of(), work);
    }

    /** The same, of what no other node may do meanwhile. */
    <T> T write(List<String> locks, Work<T> work) {
        return write(locks, (session, alone) -> Collections.singletonList(work.in(session)), work);
    }

    /**
     * The same for what others want too: what comes while another transaction is under way is handed to the work all at once.
     *
     * @param locks of what no other node may do meanwhile
     * @param work the same object for all who may be served together
     */
    <W, T> T write(List<String> locks, WorkOnAll<W, T> work, W wanted) {
        return changes.write(locks, work, wanted, listener);
    }

    /**
     * Runs work that takes only what nobody has, and so waits for nobody's rows, nor anybody for its: beside what else is written.
     */
    <T> T claim(List<String> locks, Work<T> work) {
        return claims.write(locks, (session, alone) -> Collections.singletonList(work.in(session)), work, listener);
    }

    /**
     * Runs the work on the ledger as it is at one moment. It waits for nobody, and nobody for it; but where a migration has just
     * been made, the work may be run once more.
     */
    <T> T read(Work<T> work) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return readOnce(work);
            } catch (SQLException e) {
                if (!dialect.isPassing(e) || System.nanoTime() > end) {
                    throw new LedgerException("read", e, place());
                }
            }
        }
    }

    private <T> T readOnce(Work<T> work) throws SQLException {
        Session session = null;
        try {
            session = idle.poll();
            if (session == null) {
                session = connect();
            }
            source.begin(session, dialect.beginRead);
            T result = work.in(session);
            session.update("COMMIT");
            keep(session);
            return result;
        } catch (SQLException | RuntimeException e) {
            drop(session, e);
            throw e;
        }
    }

    private void keep(Session session) throws SQLException {
        if (source.isBorrowed()) {
            session.close();
            return;
        }
        idle.push(session);
        if (closed) {
            closeIdle();
        }
    }

    /** A pool gives it to the next one as it is. */
    private void drop(Session session, Exception cause) {
        if (session != null) {
            if (source.isBorrowed()) {
                Writer.rollBack(session, cause);
            }
            Writer.close(session, cause);
        }
    }

    private void closeIdle() throws SQLException {
        for (Session each = idle.poll(); each != null; each = idle.poll()) {
            each.close();
        }
    }

    /** Waits for the write that is under way; a read that is, closes its connection by itself. */
    @Override
    public void close() {
        closed = true;
        try (changes;
                claims) {
            closeIdle();
        } catch (SQLException e) {
            throw new LedgerException("closed", e, place());
        } finally {
            source.close();
        }
    }
}
