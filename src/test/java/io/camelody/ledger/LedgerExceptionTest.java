package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerExceptionTest {

    @Test
    void serverThatCannotBeReachedIsCalledSo() {
        SQLException refused = new SQLException("Connection to db.example:5432 refused.\n  Detail: x", "08001");
        SQLException waited = new SQLTransientConnectionException("not available, request timed out", "08001", refused);
        SQLException known = new SQLTransientConnectionException(waited.getMessage(), "08001", waited);

        assertThat(new LedgerException("opened", known, "jdbc:postgresql://db.example/songs"))
                .hasMessageContaining("PostgreSQL cannot be reached: Connection to db.example:5432 refused. Start it")
                .hasMessageNotContaining("Detail");
    }

    @Test
    void hostThatIsNotThereIsNamed() {
        SQLException failed =
                new SQLException("The connection attempt failed.", "08001", new UnknownHostException("db.exmaple"));

        assertThat(refusedAs(failed)).contains("there is no host \"db.exmaple\". Check camelody.ledger.url.");
    }

    @Test
    void passwordThatIsMissingIsAskedFor() {
        SQLException refused = new SQLException("The server requested authentication, but no password came.", "08004");

        assertThat(refusedAs(refused))
                .contains("no password came. Check camelody.ledger.url, camelody.ledger.user and")
                .doesNotContain("Start it");
    }

    @ParameterizedTest
    @CsvSource({
        "3D000, 'FATAL: database \"songs\" does not exist', 'Create it, or see camelody.ledger.url.'",
        "3F000, 'ERROR: no schema has been selected to create in', 'Create it, or see camelody.ledger.url.'",
        "42501, 'ERROR: permission denied for schema public', 'Grant it to camelody.ledger.user'",
    })
    void whatTheDatabaseHasNotOrDoesNotGrantIsSaidWithWhatToDo(String state, String said, String advice) {
        assertThat(refusedAs(new SQLException(said, state))).contains(said + ". " + advice);
    }

    @Test
    void poolThatHasNoConnectionLeftIsCalledSo() {
        SQLException waited = new SQLTransientConnectionException(
                "camelody-ledger - Connection is not available, request timed out after 10000ms (total=3, active=3)");

        assertThat(new LedgerException("read", waited, "jdbc:postgresql://db.example/songs"))
                .hasMessageContaining("no connection became free: camelody-ledger - Connection is not available")
                .hasMessageContaining("Raise camelody.ledger.connections.");
    }

    private static String refusedAs(SQLException why) {
        SQLException waited = new SQLTransientConnectionException("not available, request timed out", why);
        return new LedgerException("begun", waited, "jdbc:postgresql://db.example/songs").getMessage();
    }
}
