package io.camelody.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections to the ledger's SQLite file: one that writes, and as many that read as there are readers at a time.
 *
 * <p>A write is durable when it has returned: the file is in WAL mode with {@code synchronous=FULL}. Writes that come while
 * another is under way go together in the next transaction, each on its own merits. SQLite has one writer at a time over
 * all processes; one that finds it busy waits up to ten seconds.
 */
final class Database implements AutoCloseable {

    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    private final LedgerSource source;
    private final Path file;
    private Session writing;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
    private final Queue<Write<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writeLock = new ReentrantLock(true);
    private volatile WriteListener listener = (took, written) -> {};
    private volatile boolean closed;

    Database(LedgerSource source) {
        this.source = source;
        this.file = source.file();
        try {
            this.writing = connect();
        } catch (SQLException e) {
            throw new LedgerException("opened", e, file);
        }
    }

    Path file() {
        return file;
    }

    void onWrite(WriteListener hearing) {
        listener = hearing;
    }

    private Session connect() throws SQLException {
        if (closed) {
            throw new SQLException("it is closed");
        }
        Connection connection = source.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = ON");
        }
        return new Session(connection);
    }

    /**
     * Runs the work durably: all of it, or none. It must not write by itself, and may run in the thread of another caller,
     * in one transaction with what others write at this moment.
     */
    <T> T write(Work<T> work) {
        long began = System.nanoTime();
        Write<T> mine = new Write<>(work);
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
        return mine.outcome(file);
    }

    /** One transaction, and so one wait for the disk, for all who came while the last one was under way. */
    private void writeAllThatWait() {
        List<Write<?>> together = new ArrayList<>();
        for (Write<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
        }
        try {
            begin();
            for (Write<?> each : together) {
                each.run(writing);
            }
            writing.update("COMMIT");
            together.forEach(Write::succeed);
        } catch (Throwable e) {
            rollBack(e);
            together.forEach(each -> each.fail(e));
        }
    }

    /** Nothing is written yet, so what stands in the way on this connection can be put right. */
    private void begin() throws SQLException {
        try {
            writing.update("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            if (!isMended(e)) {
                throw e;
            }
            writing.update("BEGIN IMMEDIATE");
        }
    }

    /**
     * A pool may close a connection that it has lent, for its age or as it is flushed; and one that knows the caller's own
     * transaction may have let nobody undo what failed.
     */
    private boolean isMended(SQLException cause) {
        try {
            if (writing.connection().isClosed() || !writing.connection().isValid(1)) {
                drop(writing, cause);
                writing = connect();
            } else {
                writing.update("ROLLBACK");
            }
            return true;
        } catch (SQLException e) {
            cause.addSuppressed(e);
            return false;
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
            session.update("BEGIN");
            T result = work.in(session);
            session.update("COMMIT");
            keep(session);
            return result;
        } catch (SQLException e) {
            drop(session, e);
            throw new LedgerException("read", e, file);
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

    private static void drop(Session session, Exception cause) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void closeIdle() throws SQLException {
        for (Session each = idle.poll(); each != null; each = idle.poll()) {
            each.close();
        }
    }

    private void rollBack(Throwable cause) {
        try {
            writing.update("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Waits for the write that is under way; a read that is, closes its connection by itself. */
    @Override
    public void close() {
        writeLock.lock();
        closed = true;
        try {
            closeIdle();
            writing.close();
        } catch (SQLException e) {
            throw new LedgerException("closed", e, file);
        } finally {
            writeLock.unlock();
        }
    }

    /** What one caller writes, and what became of it. Guarded by the write lock until it is over. */
    private static final class Write<T> {

        private final Work<T> work;
        private T result;
        private Throwable failure;
        private boolean over;

        Write(Work<T> work) {
            this.work = work;
        }

        /** Its own failure undoes it alone. @throws SQLException if it could not be undone, and so nothing may stand */
        void run(Session session) throws SQLException {
            session.update("SAVEPOINT one");
            try {
                result = work.in(session);
            } catch (SQLException | RuntimeException e) {
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

        T outcome(Path file) {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure != null) {
                throw new LedgerException("written", failure, file);
            }
            return result;
        }
    }
}
