package io.camelody.testkit;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A pool of connections as an estate has one: it gives no more than its size, gives the same ones again, and hands them out as
 * their settings are, without auto-commit.
 */
public final class SmallPool implements DataSource, AutoCloseable {

    private final String url;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Semaphore places;
    private final AtomicInteger given = new AtomicInteger();
    private final List<Connection> made = new ArrayList<>();
    private final ThreadLocal<Boolean> inTransaction = ThreadLocal.withInitial(() -> false);
    private volatile Optional<RuntimeException> trouble = Optional.empty();
    private boolean closed;

    public SmallPool(String url, int size) {
        this.url = url;
        places = new Semaphore(size);
    }

    /** Connections that have not come back. */
    public int out() {
        return given.get();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (trouble.isPresent()) {
            throw trouble.get();
        }
        try {
            if (!places.tryAcquire(200, TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException("the pool is exhausted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException(e);
        }
        try {
            Connection taken = take();
            given.incrementAndGet();
            return lend(taken);
        } catch (SQLException e) {
            places.release();
            throw e;
        }
    }

    private synchronized Connection take() throws SQLException {
        Connection connection;
        do {
            connection = idle.isEmpty() ? make() : idle.pop();
        } while (connection.isClosed());
        connection.setAutoCommit(false);
        return connection;
    }

    private Connection make() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        made.add(connection);
        return connection;
    }

    /** Closes every connection, also those that are out. */
    public synchronized void flush() throws SQLException {
        for (Connection connection : made) {
            connection.close();
        }
        made.clear();
    }

    /**
     * As a pool does that knows of transactions of the thread: what was borrowed outside prepares no statement in one, and what
     * is borrowed in one has no auto-commit.
     */
    public void inTransaction(Runnable work) {
        inTransaction.set(true);
        try {
            work.run();
        } finally {
            inTransaction.remove();
        }
    }

    /** As a pool does whose trouble has words of its own, in a class that JDBC does not know. */
    public void inTrouble(RuntimeException why, Runnable work) {
        trouble = Optional.of(why);
        try {
            work.run();
        } finally {
            trouble = Optional.empty();
        }
    }

    private synchronized void takeBack(Connection connection) {
        idle.push(connection);
        given.decrementAndGet();
        places.release();
    }

    private Connection lend(Connection connection) {
        boolean[] isBack = new boolean[1];
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        if (!isBack[0]) {
                            isBack[0] = true;
                            takeBack(connection);
                        }
                        return null;
                    }
                    if (isBack[0] && method.getName().equals("isClosed")) {
                        return true;
                    }
                    if (isBack[0]) {
                        throw new SQLException("used after it was given back");
                    }
                    if (inTransaction.get() && !method.getName().equals("isClosed")) {
                        throw new SQLException("Deferred enlistment not supported");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        for (Connection connection : idle) {
            connection.close();
        }
    }

    @Override
    public Connection getConnection(String user, String password) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
