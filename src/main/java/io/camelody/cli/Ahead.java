package io.camelody.cli;

import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;

/**
 * What a start needs a moment later and takes long to load, loaded by a thread beside it. Who needs it waits for what is
 * missing, or loads it himself, and it is he who tells of what fails.
 */
final class Ahead {

    private static final String SQLITE = "jdbc:sqlite:";

    private Ahead() {}

    /** The certificates that calls are made with. */
    static void loadTrust() {
        begin("trust", () -> {
            try {
                SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                // the first call says so
            }
        });
    }

    /** SQLite's library, if the ledger is one of SQLite. */
    static void loadDriver(String ledgerUrl) {
        if (ledgerUrl.startsWith(SQLITE)) {
            begin("driver", () -> {
                try {
                    DriverManager.getConnection(SQLITE + ":memory:").close();
                } catch (SQLException | LinkageError e) {
                    // the ledger says so
                }
            });
        }
    }

    private static void begin(String what, Runnable load) {
        Thread thread = new Thread(load, "camelody-ahead-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
