package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OutageTest {

    private final Queue<Throwable> trouble = new ConcurrentLinkedQueue<>();
    private final Outage outage = new Outage(this::next);

    @AfterEach
    void close() {
        outage.close();
    }

    @Test
    void whatTheLookingDiesOfDoesNotMakeItLastForEver() {
        trouble.add(new SQLException("nobody listens", "08001"));
        trouble.add(new OutOfMemoryError("of this test"));

        assertThatThrownBy(outage::connect).isInstanceOf(SQLException.class);

        await().ignoreExceptions().until(() -> {
            outage.connect().close();
            return true;
        });
    }

    private Connection next() throws SQLException {
        Throwable next = trouble.poll();
        if (next instanceof SQLException failure) {
            throw failure;
        }
        if (next instanceof Error error) {
            throw error;
        }
        return DriverManager.getConnection("jdbc:sqlite::memory:");
    }
}
