package io.camelody.ledger;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** What the two databases of a ledger do not say alike. Every other statement is the same for both. */
enum Dialect {
    SQLITE(
            List.of("V1__songs_and_tasks.sql"),
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'ledger_version'",
            List.of(),
            "BEGIN IMMEDIATE",
            "COMMIT",
            "BEGIN",
            "",
            "",
            "IN (SELECT value FROM json_each(?))") {
        /** Ids come in no order: with few pages in memory, and a checkpoint at each commit, most of what is written is written twice. */
        @Override
        void prepareToWrite(Session session) throws SQLException {
            session.update("PRAGMA cache_size = -16000");
            session.list(row -> true, "PRAGMA wal_autocheckpoint = 4000");
        }

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
            "SELECT 1 FROM pg_tables WHERE tablename = 'ledger_version' AND schemaname = ANY (current_schemas(false))",
            List.of("SET LOCAL lock_timeout = '2s'", "SET LOCAL statement_timeout = '30s'"),
            "BEGIN; SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, pg_current_xact_id(), pg_backend_pid(), "
                    // a statement is planned once, often while the tables are still empty, and each finds its rows by
                    // an index
                    + "set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), "
                    + "set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true), "
                    // a node that was stopped in the middle must not keep the others waiting
                    + "set_config('idle_in_transaction_session_timeout', '10s', true), (SELECT oldest_program FROM ledger_version)",
            "INSERT INTO node_mark (node, number, marked_at) VALUES (?, ?, now()) ON CONFLICT (node) DO UPDATE SET number = excluded.number, marked_at = excluded.marked_at; COMMIT",
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, (SELECT oldest_program FROM ledger_version)",
            " FOR UPDATE",
            " FOR UPDATE SKIP LOCKED",
            "= ANY (ARRAY(SELECT json_array_elements_text(CAST(? AS json))))") {
        /**
         * Two transactions waited for each other, and the database ended this one; a migration had waited long enough for
         * others to go on; or one has added a column, and a statement was prepared before, which the driver has forgotten now.
         */
        @Override
        boolean isPassing(SQLException failure) {
            return Set.of("40P01", "40001", "55P03", "0A000").contains(String.valueOf(failure.getSQLState()));
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

    /** Has a row where the database has a ledger. */
    final String isLedger;

    /** Keep a migration from holding up those who work beside it. */
    final List<String> migrationBounds;

    final String beginWrite;

    /** Where a connection may be lost over it, with a mark by which the transaction is known: a node's name and a number. */
    final String commitWrite;

    final String beginRead;

    /** Ends a SELECT whose rows nobody is to change before this transaction ends; empty where there is one writer. */
    final String forUpdate;

    /** The same, without those that another transaction has at this moment. */
    final String forUpdateOfFree;

    /** Behind a key: is one of a list, which is the parameter, as JSON. As an array the index is gone through once, in its order. */
    final String isOneOf;

    Dialect(
            List<String> migrations,
            String isLedger,
            List<String> migrationBounds,
            String beginWrite,
            String commitWrite,
            String beginRead,
            String forUpdate,
            String forUpdateOfFree,
            String isOneOf) {
        this.migrations = migrations;
        this.isLedger = isLedger;
        this.migrationBounds = migrationBounds;
        this.beginWrite = beginWrite;
        this.commitWrite = commitWrite;
        this.beginRead = beginRead;
        this.forUpdate = forUpdate;
        this.forUpdateOfFree = forUpdateOfFree;
        this.isOneOf = isOneOf;
    }

    /** In PostgreSQL a trigger does it, as with any change of state. */
    void noteAcceptance(Session session, List<String> songIds, long now) throws SQLException {
        if (this == SQLITE) {
            session.updateEach(
                    "INSERT INTO event (song_id, state, at) VALUES (?, 'accepted', ?)",
                    songIds.stream().map(id -> new Object[] {id, now}).toList());
        }
    }

    /** What the connection that writes is told first. */
    void prepareToWrite(Session session) throws SQLException {
        // most need nothing
    }

    /** Whether several processes work on one ledger. */
    boolean isShared() {
        return this == POSTGRES;
    }

    /** Whether what failed so may succeed in another transaction. */
    boolean mayPass(Exception failure) {
        return failure instanceof SQLException e && (isPassing(e) || isLost(e));
    }

    /** Whether the same transaction may well succeed now. */
    abstract boolean isPassing(SQLException failure);

    /** Whether the connection is of no more use, and another one may be. */
    abstract boolean isLost(SQLException failure);
}
