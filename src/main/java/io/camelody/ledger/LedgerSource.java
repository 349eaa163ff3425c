package io.camelody.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where the connections to a ledger come from: a file by its URL, or the {@code DataSource} of an estate. */
public abstract sealed class LedgerSource {

    private final Path file;

    private LedgerSource(Path file) {
        this.file = file;
    }

    /** @throws LedgerException if the URL is not {@code jdbc:sqlite:} and a file */
    public static LedgerSource of(String url) {
        return new ByUrl(url);
    }

    /**
     * Connections are borrowed: one for as long as the ledger is open, which writes, and one for each reader at a time. The
     * {@code DataSource} itself stays its owner's, who closes it behind the ledger.
     *
     * @throws LedgerException if it is not a database of SQLite in a file, or gives no two connections at a time
     */
    public static LedgerSource of(DataSource dataSource) {
        return new Borrowed(dataSource);
    }

    final Path file() {
        return file;
    }

    abstract Connection connect() throws SQLException;

    /** Whether a connection is given back when a reader is done with it. */
    abstract boolean isBorrowed();

    /**
     * Has a new ledger begun where there has never been one.
     *
     * @param isFirst whether nobody has worked on a ledger in this place before
     * @throws LedgerException if there is something that cannot be a ledger, or less than all of one
     */
    abstract void demandLedger(boolean isFirst);

    private static final class ByUrl extends LedgerSource {

        private final String url;

        ByUrl(String url) {
            super(LedgerFile.of(url));
            this.url = url;
        }

        @Override
        Connection connect() throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        boolean isBorrowed() {
            return false;
        }

        @Override
        void demandLedger(boolean isFirst) {
            if (LedgerFile.isThere(file())) {
                LedgerFile.demandWhole(file());
            } else {
                LedgerFile.create(file());
            }
        }
    }

    private static final class Borrowed extends LedgerSource {

        private final DataSource dataSource;

        Borrowed(DataSource dataSource) {
            super(fileOf(dataSource));
            this.dataSource = dataSource;
        }

        /** As SQLite itself says, whatever the URL looks like. */
        private static Path fileOf(DataSource dataSource) {
            try (Connection first = dataSource.getConnection()) {
                String product = first.getMetaData().getDatabaseProductName();
                if (!product.equals("SQLite")) {
                    throw new LedgerException(
                            "Expected the DataSource of the ledger to be a database of SQLite, got: %s. Set camelody.ledger.data-source to one that is, or leave it empty."
                                    .formatted(product));
                }
                demandSecond(dataSource);
                String name = new Session(first)
                        .find(row -> row.getString(1), "SELECT file FROM pragma_database_list WHERE name = 'main'")
                        .orElse("");
                if (name.isEmpty()) {
                    throw new LedgerException(
                            "Expected the DataSource of the ledger to be a database in a file, got one in memory, which forgets what was paid for.");
                }
                return Path.of(name);
            } catch (SQLException e) {
                throw new LedgerException("The DataSource of the ledger gave no connection: " + e.getMessage(), e);
            }
        }

        private static void demandSecond(DataSource dataSource) {
            try {
                dataSource.getConnection().close();
            } catch (SQLException e) {
                throw new LedgerException(
                        "The DataSource of the ledger gave no second connection; one is kept to write with, and each reader needs another. Let its pool have ten: "
                                + e.getMessage(),
                        e);
            }
        }

        @Override
        Connection connect() throws SQLException {
            Connection connection = dataSource.getConnection();
            try {
                // transactions are begun and ended by statements
                connection.setAutoCommit(true);
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        boolean isBorrowed() {
            return true;
        }

        /** The pool makes an empty file by itself, so a new ledger is begun in it, all of it in one transaction. */
        @Override
        void demandLedger(boolean isFirst) {
            try {
                if (Files.exists(file()) && Files.size(file()) > 0) {
                    LedgerFile.demandWhole(file());
                } else if (isFirst) {
                    try (Database database = new Database(this)) {
                        Migrations.create(database);
                    }
                } else {
                    throw LedgerFile.damaged("empty, and was worked on before", file());
                }
            } catch (IOException e) {
                throw new LedgerException("read", e, file());
            }
        }
    }
}
