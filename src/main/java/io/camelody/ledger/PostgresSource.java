package io.camelody.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** A ledger in a database of PostgreSQL, in the schema that the connections have; several nodes work on it at a time. */
final class PostgresSource extends LedgerSource {

    private final Outage connections;
    private final Runnable atEnd;
    private final Set<Integer> writers = ConcurrentHashMap.newKeySet();
    private final SharedClock clock = new SharedClock(Clock.systemUTC(), System::nanoTime);

    /** @param atEnd closes what was made for this source */
    PostgresSource(DataSource dataSource, String url, Runnable atEnd) {
        super(url.replaceFirst("\\?.*", ""), Dialect.POSTGRES);
        this.connections = new Outage(() -> lent(dataSource));
        this.atEnd = atEnd;
    }

    static PostgresSource borrowed(DataSource dataSource, Connection first) throws SQLException {
        return new PostgresSource(dataSource, first.getMetaData().getURL(), () -> {});
    }

    @Override
    Connection connect() throws SQLException {
        return connections.connect();
    }

    /** The time; of one that writes also its number, and the server's number of the connection. */
    @Override
    List<String> begin(Session session, String sql) throws SQLException {
        List<String> said = session.begin(sql);
        migrations().demandWorkable(Integer.parseInt(said.get(said.size() - 1)), place());
        clock.hear(Instant.EPOCH.plus(Long.parseLong(said.get(0)), ChronoUnit.MICROS));
        if (said.size() > 2) {
            writers.add(Integer.parseInt(said.get(2)));
        }
        return said;
    }

    /** Whether it is this node that writes by the connection, as the server numbers it. */
    boolean isOwn(int connection) {
        return writers.contains(connection);
    }

    @Override
    boolean isBorrowed() {
        return true;
    }

    @Override
    void close() {
        connections.close();
        atEnd.run();
    }

    @Override
    Clock clock() {
        return clock;
    }

    @Override
    boolean isThere() {
        try (Connection connection = connect()) {
            return Migrations.isThere(new Session(connection, dialect()));
        } catch (SQLException e) {
            throw new LedgerException("opened", e, place());
        }
    }

    @Override
    Optional<WorkLock> beginWork() {
        migrations().createUnlessThere(this);
        return Optional.empty();
    }

    @Override
    Optional<Wakes> hearOthers(Listeners listeners) {
        Wakes wakes = new Wakes(this, listeners);
        wakes.start();
        return Optional.of(wakes);
    }
}
