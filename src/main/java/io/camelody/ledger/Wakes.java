package io.camelody.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other nodes do to songs: a trigger sends the state that a song has come to, as its transaction commits. A
 * connection that is lost is made anew, and then everybody is woken once, for what was missed; until then they look by themselves,
 * as they do anyhow.
 */
final class Wakes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Wakes.class);

    private static final int LOOKS_EVERY_MS = 5_000;

    private static final long REST_MS = 2_000;

    private static final String CHANNEL = "SELECT quote_ident('camelody_' || current_schema())";

    private final PostgresSource source;
    private final Listeners listeners;
    private final Thread thread = new Thread(this::run, "camelody-ledger-wakes");
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean closed;
    private boolean isTold;
    private boolean hasListened;

    Wakes(PostgresSource source, Listeners listeners) {
        this.source = source;
        this.listeners = listeners;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Connection connection = source.connect()) {
                listen(connection);
            } catch (SQLException e) {
                if (!closed && !isTold) {
                    isTold = true;
                    LOG.warn(
                            "Other nodes' work is not heard of at once until PostgreSQL can be reached: {} (ledger: {})",
                            e.getMessage(),
                            source.place());
                }
                rest();
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        if (!connection.isWrapperFor(PGConnection.class)) {
            LOG.info(
                    "The DataSource hides what its connections are, so other nodes' work is looked for once a second. (ledger: {})",
                    source.place());
            closed = true;
            return;
        }
        PGConnection heard = connection.unwrap(PGConnection.class);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + channel(connection));
            isTold = false;
            if (hasListened) {
                wake(Arrays.stream(SongState.values()).collect(Collectors.toSet()));
            }
            hasListened = true;
            while (!closed) {
                PGNotification[] all = heard.getNotifications(LOOKS_EVERY_MS);
                if (all == null || all.length == 0) {
                    // a server that has gone without a word says nothing either
                    statement.execute("SELECT 1");
                } else {
                    wake(Arrays.stream(all)
                            .filter(each -> !source.isOwn(each.getPID()))
                            .flatMap(each -> SongState.of(each.getParameter()).stream())
                            .collect(Collectors.toSet()));
                }
            }
            statement.execute("UNLISTEN *");
        }
    }

    private String channel(Connection connection) throws SQLException {
        Optional<String> name = new Session(connection, source.dialect()).find(row -> row.getString(1), CHANNEL);
        return name.orElseThrow();
    }

    private void wake(Set<SongState> states) {
        if (!closed && !states.isEmpty()) {
            listeners.elsewhere(states);
        }
    }

    private void rest() {
        try {
            over.await(REST_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // nobody interrupts it but to end it
            closed = true;
        }
    }

    /** Waits a moment for its connection to be given back; a daemon that is stuck keeps nobody. */
    @Override
    public void close() {
        closed = true;
        over.countDown();
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            // it hears itself, and sees that it is over
            statement.execute("NOTIFY " + channel(connection));
        } catch (SQLException e) {
            LOG.debug("Nobody is woken: the ledger cannot be reached.", e);
        }
        thread.interrupt();
        try {
            thread.join(REST_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
