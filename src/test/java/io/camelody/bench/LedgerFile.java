package io.camelody.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The ledger of a home, looked into from outside: what is seen there is durable. */
record LedgerFile(Path home) {

    String url() {
        return "jdbc:sqlite:" + home.resolve("data/ledger.db");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    long number(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
