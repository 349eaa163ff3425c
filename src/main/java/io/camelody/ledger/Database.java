package io.camelody.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections to the ledger: one that writes, and as many that read as there are readers at a time.
 *
 * <p>A write is durable when it has returned. Writes that come while another is under way go together in the next
 * transaction, each on its own merits. SQLite has one writer at a time over all processes; one that finds it busy waits up
 * to ten seconds. In PostgreSQL each node has one; where its connection is lost, or it stood in the way of another, the
 * transaction is made once more within those ten seconds, and so may be the work in it.
 */
final class Database implements AutoCloseable {

    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Which of all that ever work on the ledger this is. */
    private final String node = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    private final LedgerSource source;
    private final Dialect dialect;
    private final Writer writer;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
    private final Queue<Write<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writeLock = new ReentrantLock(true);
    private volatile WriteListener listener = (took, written) -> {};
    private volatile boolean closed;

    /** Guarded by the write lock. */
    private boolean isGone;

    Database(LedgerSource source) {
        this.source = source;
        this.dialect = source.dialect();
        this.writer = new Writer(source, node);
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
     * Runs the work durably: all of it, or none. It must not write by itself, and may run in the thread of another caller,
     * in one transaction with what others write at this moment.
     */
    <T> T write(Work<T> work) {
        return write(List.of(), work);
    }

    /** The same, of what no other node may do meanwhile. */
    <T> T write(List<String> locks, Work<T> work) {
        long began = System.nanoTime();
        Write<T> mine = new Write<>(locks, work);
        waiting.add(mine);
        writeLock.lock();
        try {
            // whoever had the lock before may have taken this along
            if (!mine.isOver()) {
                writeAllThatWait();
            }
        } finally {
            writeLock.unlock();
        }
        listener.written(Duration.ofNanos(System.nanoTime() - began), mine.isWritten());
        return mine.outcome(place());
    }

    /** One transaction, and so one wait for the disk, for all who came while the last one was under way. */
    private void writeAllThatWait() {
        List<Write<?>> together = new ArrayList<>();
        for (Write<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
        }
        // whoever finds it gone waits for it to come back; others are told at once until it has
        long lastTry = System.nanoTime() + (isGone ? 0 : PATIENCE.toNanos());
        while (true) {
            try {
                writer.write(together);
                isGone = false;
                together.forEach(Write::succeed);
                return;
            } catch (Throwable e) {
                if (!writer.mayTryAgain(e, lastTry)) {
                    isGone = e instanceof SQLException failure && dialect.isLost(failure);
                    together.forEach(each -> each.fail(e));
                    return;
                }
            }
        }
    }

    /** Runs the work on the ledger as it is at one moment. It waits for nobody, and nobody for it. */
    <T> T read(Work<T> work) {
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
        } catch (SQLException e) {
            drop(session, e);
            throw new LedgerException("read", e, place());
        } catch (RuntimeException e) {
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
        try {
            closeConnections();
        } finally {
            source.close();
        }
    }

    /** The same; their source can be used again. */
    void closeConnections() {
        writeLock.lock();
        closed = true;
        try {
            closeIdle();
            writer.close();
        } catch (SQLException e) {
            throw new LedgerException("closed", e, place());
        } finally {
            writeLock.unlock();
        }
    }

    /** What one caller writes, and what became of it. Guarded by the write lock until it is over. */
    static final class Write<T> {

        private final List<String> locks;
        private final Work<T> work;
        private T result;
        private Throwable failure;
        private boolean over;

        Write(List<String> locks, Work<T> work) {
            this.locks = locks;
            this.work = work;
        }

        List<String> locks() {
            return locks;
        }

        /**
         * Its own failure undoes it alone.
         *
         * @throws SQLException if it could not be undone, and so nothing may stand, or if all of it may succeed at another try
         */
        void run(Session session, Dialect dialect) throws SQLException {
            failure = null;
            session.update("SAVEPOINT one");
            try {
                result = work.in(session);
            } catch (SQLException | RuntimeException e) {
                if (e instanceof SQLException passing && (dialect.isPassing(passing) || dialect.isLost(passing))) {
                    throw e;
                }
                failure = e;
                try {
                    session.update("ROLLBACK TO one");
                } catch (SQLException gone) {
                    // a full disk, for one, ends the whole transaction
                    e.addSuppressed(gone);
                    throw e;
                }
            }
            session.update("RELEASE one");
        }

        void succeed() {
            over = true;
        }

        void fail(Throwable all) {
            failure = failure == null ? all : failure;
            over = true;
        }

        boolean isOver() {
            return over;
        }

        /** Also where it was refused for what it is: the ledger could be written. */
        boolean isWritten() {
            return failure == null || failure instanceof RuntimeException;
        }

        T outcome(String place) {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure != null) {
                throw new LedgerException("written", failure, place);
            }
            return result;
        }
    }
}
