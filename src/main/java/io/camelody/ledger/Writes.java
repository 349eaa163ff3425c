package io.camelody.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/** What is written over one connection: what comes while a transaction is under way goes together in the next one. Thread-safe. */
final class Writes implements AutoCloseable {

    private final Dialect dialect;
    private final String place;
    private final HeldInterrupt interrupt = new HeldInterrupt();
    private final Writer writer;
    private final Queue<Write<?, ?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock(true);

    /** Guarded by the lock. */
    private boolean isGone;

    /** @param node who writes, which nobody else ever is */
    Writes(LedgerSource source, String node) {
        this.dialect = source.dialect();
        this.place = source.place();
        this.writer = new Writer(source, node, interrupt);
    }

    /** Takes its connection now, and not with the first write. */
    void open() {
        writer.open();
    }

    /** @see Database#write(List, Database.WorkOnAll, Object) */
    <W, T> T write(List<String> locks, Database.WorkOnAll<W, T> work, W wanted, WriteListener listener) {
        long began = System.nanoTime();
        Write<W, T> mine = new Write<>(locks, work, wanted);
        waiting.add(mine);
        lock.lock();
        interrupt.hold();
        try {
            // whoever had the lock before may have taken this along
            if (!mine.isOver()) {
                writeAllThatWait();
            }
        } finally {
            interrupt.release();
            lock.unlock();
        }
        listener.written(Duration.ofNanos(System.nanoTime() - began), mine.isWritten());
        return mine.outcome(place);
    }

    /** One transaction, and so one wait for the disk, for all who came while the last one was under way. */
    private void writeAllThatWait() {
        List<Write<?, ?>> together = new ArrayList<>();
        for (Write<?, ?> next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
        }
        // whoever finds it gone waits for it to come back; others are told at once until it has
        long lastTry = System.nanoTime() + (isGone ? 0 : Database.PATIENCE.toNanos());
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

    /** Waits for what is being written, and gives the connection back. */
    @Override
    public void close() throws SQLException {
        lock.lock();
        try {
            writer.close();
        } finally {
            lock.unlock();
        }
    }
}
