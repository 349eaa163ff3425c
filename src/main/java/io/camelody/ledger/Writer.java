package io.camelody.ledger;

import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/** The connection that writes, and a new one where that was lost. For one thread at a time. */
final class Writer {

    private static final long BETWEEN_TRIES_MS = 200;

    /** It has a lock on its own number, until everybody can see what it did. A standby may still have to make what it was sent. */
    private static final String IS_UNDER_WAY =
            """
            SELECT 1 WHERE pg_is_in_recovery()
                OR EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND transactionid = ?::xid8::xid)
            """;

    private static final String MARK = "SELECT 1 FROM node_mark WHERE node = ? AND number = ?";

    private final LedgerSource source;
    private final String node;
    private final Dialect dialect;
    private final HeldInterrupt interrupt;
    private Session session;
    private long written;
    private boolean closed;

    /**
     * @param node who writes, which nobody else ever is
     * @param interrupt of the thread that writes, held while it does
     */
    Writer(LedgerSource source, String node, HeldInterrupt interrupt) {
        this.source = source;
        this.node = node;
        this.interrupt = interrupt;
        this.dialect = source.dialect();
    }

    /** Takes its connection now, and not with the first write. */
    void open() {
        try {
            session = connect();
        } catch (SQLException e) {
            throw new LedgerException("opened", e, source.place());
        }
    }

    private Session connect() throws SQLException {
        if (closed) {
            throw new SQLException("it is closed");
        }
        Session made = new Session(source.connect(), dialect);
        dialect.prepareToWrite(made);
        return made;
    }

    /** One transaction. */
    void write(List<Write<?, ?>> together) throws SQLException {
        if (session == null) {
            session = connect();
        }
        List<String> transaction;
        try {
            transaction = begin();
            if (!isDoneAtOnce(together)) {
                transaction = begin();
                lock(together);
                for (Write<?, ?> each : together) {
                    each.runAlone(session);
                }
            }
        } catch (Throwable e) {
            abandon(e);
            throw e;
        }
        try {
            written++;
            session.update(dialect.commitWrite, dialect.isShared() ? new Object[] {node, written} : new Object[0]);
        } catch (SQLException e) {
            abandon(e);
            if (!dialect.isLost(e)) {
                throw e;
            }
            demandCommitted(transaction.get(1), e);
        }
    }

    /** All at the beginning and in one order: no two nodes that write several things at a time wait for each other. */
    private void lock(List<Write<?, ?>> together) throws SQLException {
        SortedSet<String> locks = new TreeSet<>();
        together.forEach(each -> locks.addAll(each.locks()));
        for (String lock : locks) {
            session.lock(lock);
        }
    }

    /**
     * That one of them fails is rare, and costs less than to have each of them undoable.
     *
     * @return false with nothing written, if one of several failed
     */
    private boolean isDoneAtOnce(List<Write<?, ?>> together) throws SQLException {
        try {
            lock(together);
            Write.runAll(together, session);
            return true;
        } catch (SQLException | RuntimeException e) {
            if (together.size() == 1 || dialect.mayPass(e)) {
                throw e;
            }
            try {
                session.update("ROLLBACK");
            } catch (SQLException gone) {
                // a full disk, for one, ends the whole transaction
                e.addSuppressed(gone);
                throw e;
            }
            return false;
        }
    }

    /** Nothing is written yet, so what stands in the way on this connection can be put right. */
    private List<String> begin() throws SQLException {
        try {
            return source.begin(session, dialect.beginWrite);
        } catch (SQLException e) {
            if (!isMended(e)) {
                throw e;
            }
            return source.begin(session, dialect.beginWrite);
        }
    }

    /**
     * A pool may close a connection that it has lent, for its age or as it is flushed; and one that knows the caller's own
     * transaction may have let nobody undo what failed.
     */
    private boolean isMended(SQLException cause) {
        try {
            if (session.connection().isClosed() || !session.connection().isValid(1)) {
                close(session, cause);
                session = null;
                session = connect();
            } else {
                session.update("ROLLBACK");
            }
            return true;
        } catch (SQLException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void abandon(Throwable cause) {
        if (session == null) {
            return;
        }
        rollBack(session, cause);
        if (cause instanceof SQLException failure && dialect.isLost(failure)) {
            close(session, cause);
            session = null;
        }
    }

    /** Whether what failed was not committed, and may be at another try. */
    boolean mayTryAgain(Throwable failure, long end) {
        if (!(failure instanceof SQLException e) || System.nanoTime() > end) {
            return false;
        }
        boolean mayTry =
                !(e instanceof UnknownOutcome) && (dialect.isPassing(e) || dialect.isLost(e) || interrupt.isBehind(e));
        if (mayTry) {
            // also so that who was in the way has gone on
            pause();
        }
        return mayTry;
    }

    /**
     * The connection was lost over the commit. What the server calls committed by its number need not be ours: after a crash the
     * number may be given once more. So the mark says it, which is there once it is, and only when nothing can come any more.
     */
    private void demandCommitted(String transaction, SQLException lost) throws SQLException {
        long end = System.nanoTime() + Database.PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (session == null) {
                    session = connect();
                }
                if (isThere(IS_UNDER_WAY, transaction)) {
                    pause();
                } else if (isThere(MARK, node, written)) {
                    return;
                } else {
                    throw lost;
                }
            } catch (SQLException e) {
                if (e == lost) {
                    throw e;
                }
                abandonQuietly(lost, e);
                pause();
            }
        }
        throw new UnknownOutcome(lost);
    }

    private boolean isThere(String sql, Object... parameters) throws SQLException {
        return session.find(row -> true, sql, parameters).isPresent();
    }

    private void abandonQuietly(SQLException lost, SQLException e) {
        lost.addSuppressed(e);
        if (session != null) {
            close(session, e);
            session = null;
        }
    }

    /** A server says nobody that it is back; by chance, so that two that were in each other's way are not again. */
    private void pause() {
        interrupt.sleep(ThreadLocalRandom.current().nextLong(BETWEEN_TRIES_MS / 2, 2 * BETWEEN_TRIES_MS));
    }

    static void rollBack(Session session, Throwable cause) {
        try {
            session.update("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    static void close(Session session, Throwable cause) {
        try {
            session.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    void close() throws SQLException {
        closed = true;
        if (session != null) {
            session.close();
            session = null;
        }
    }

    /** Nobody can say yet whether it was committed. */
    static final class UnknownOutcome extends SQLException {

        private static final long serialVersionUID = 1L;

        UnknownOutcome(SQLException lost) {
            super("the connection was lost while it was written; it may be there", lost.getSQLState(), lost);
        }
    }
}
