package io.camelody.ledger;

import java.sql.SQLException;
import java.util.List;

/** What the two databases of a ledger do not say alike. Every other statement is the same for both. */
enum Dialect {
    SQLITE(
            List.of("V1__songs_and_tasks.sql"),
            "PRAGMA user_version",
            "PRAGMA user_version = %d",
            "BEGIN IMMEDIATE",
            "COMMIT",
            "BEGIN",
            "",
            "") {
        @Override
        boolean isPassing(SQLException failure) {
            return false;
        }

        @Override
        boolean isLost(SQLException failure) {
            return false;
        }
    },

    POSTGRES(
            List.of("V1__songs_and_tasks.postgres.sql"),
            "SELECT version FROM ledger_version",
            "UPDATE ledger_version SET version = %d",
            "BEGIN; SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, pg_current_xact_id(), pg_backend_pid()",
            "INSERT INTO node_mark (node, number, marked_at) VALUES (?, ?, now()) ON CONFLICT (node) DO UPDATE SET number = excluded.number, marked_at = excluded.marked_at; COMMIT",
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
            " FOR UPDATE",
            " FOR UPDATE SKIP LOCKED") {
        /** Two transactions waited for each other, and the database ended this one. */
        @Override
        boolean isPassing(SQLException failure) {
            return "40P01".equals(failure.getSQLState()) || "40001".equals(failure.getSQLState());
        }

        /** The connection, the server going down or coming up, or one that was ended by its administrator or for its idling. */
        @Override
        boolean isLost(SQLException failure) {
            String state = failure.getSQLState();
            return state != null && (state.startsWith("08") || state.startsWith("57P") || state.equals("25P03"));
        }
    };

    /** Each brings the tables to its number in this list. */
    final List<String> migrations;

    final String readVersion;
    final String writeVersion;
    final String beginWrite;

    /** Where a connection may be lost over it, with a mark by which the transaction is known: a node's name and a number. */
    final String commitWrite;

    final String beginRead;

    /** Ends a SELECT whose rows nobody is to change before this transaction ends; empty where there is one writer. */
    final String forUpdate;

    /** The same, without those that another transaction has at this moment. */
    final String forUpdateOfFree;

    Dialect(
            List<String> migrations,
            String readVersion,
            String writeVersion,
            String beginWrite,
            String commitWrite,
            String beginRead,
            String forUpdate,
            String forUpdateOfFree) {
        this.migrations = migrations;
        this.readVersion = readVersion;
        this.writeVersion = writeVersion;
        this.beginWrite = beginWrite;
        this.commitWrite = commitWrite;
        this.beginRead = beginRead;
        this.forUpdate = forUpdate;
        this.forUpdateOfFree = forUpdateOfFree;
    }

    /** In PostgreSQL a trigger does it, as with any change of state. */
    void noteAcceptance(Session session, String songId, long now) throws SQLException {
        if (this == SQLITE) {
            session.update("INSERT INTO event (song_id, state, at) VALUES (?, 'accepted', ?)", songId, now);
        }
    }

    /** Whether several processes work on one ledger. */
    boolean isShared() {
        return this == POSTGRES;
    }

    /** Whether the same transaction may well succeed now. */
    abstract boolean isPassing(SQLException failure);

    /** Whether the connection is of no more use, and another one may be. */
    abstract boolean isLost(SQLException failure);
}
