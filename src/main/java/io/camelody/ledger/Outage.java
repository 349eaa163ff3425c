package io.camelody.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Connections to a database that may be gone. Whoever finds that out has waited for as long as the pool lets it; from then on
 * one thread looks whether it is back, and everybody else is told at once until it is. Thread-safe.
 */
final class Outage implements AutoCloseable {

    interface Connections {
        Connection next() throws SQLException;
    }

    private static final long BETWEEN_LOOKS_MS = 200;

    private final Connections connections;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile SQLException lasting;

    /** @param connections what waits for one, and fails if none comes */
    Outage(Connections connections) {
        this.connections = connections;
    }

    Connection connect() throws SQLException {
        SQLException known = lasting;
        if (known != null) {
            throw new SQLTransientConnectionException(known.getMessage(), known.getSQLState(), known);
        }
        try {
            return connections.next();
        } catch (SQLException e) {
            if (Dialect.POSTGRES.isLost(e)) {
                begin(e);
            }
            throw e;
        }
    }

    private synchronized void begin(SQLException why) {
        if (lasting == null && over.getCount() > 0) {
            Thread looking = new Thread(this::awaitEnd, "camelody-ledger-outage");
            looking.setDaemon(true);
            // there may be no more threads, and an outage that nobody looks at would last for ever
            looking.start();
            lasting = why;
        }
    }

    private void awaitEnd() {
        try {
            boolean ends;
            do {
                ends = over.await(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS) || isThere();
            } while (!ends);
        } catch (InterruptedException e) {
            // nobody interrupts it but to end it
        } finally {
            end();
        }
    }

    /** Whatever ended the looking: who finds the database gone after this begins another. */
    private synchronized void end() {
        lasting = null;
    }

    private boolean isThere() {
        try {
            connections.next().close();
            return true;
        } catch (SQLException e) {
            // anything else is to be told to whoever asks
            return !Dialect.POSTGRES.isLost(e);
        } catch (RuntimeException e) {
            // somebody's pool, of which each caller hears for itself
            return true;
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
