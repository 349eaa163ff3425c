package io.camelody.ledger;

import java.time.Clock;
import java.util.Optional;

/** Opens ledgers: whatever fails on the way closes what was opened before it. */
final class LedgerOpening {

    private LedgerOpening() {}

    /** @see SongLedger#openForWork(LedgerSource, Clock) */
    static SongLedger forWork(LedgerSource source, Clock clock) {
        Optional<WorkLock> lock = Optional.empty();
        try {
            lock = source.beginWork();
            return open(source, clock, lock, true);
        } catch (RuntimeException e) {
            lock.ifPresent(WorkLock::close);
            source.close();
            throw e;
        }
    }

    /** @see SongLedger#findBeside(LedgerSource, Clock) */
    static Optional<SongLedger> beside(LedgerSource source, Clock clock) {
        Optional<SongLedger> found = Optional.empty();
        try {
            if (source.isThere()) {
                found = Optional.of(open(source, clock, Optional.empty(), false));
            }
            return found;
        } finally {
            if (found.isEmpty()) {
                source.close();
            }
        }
    }

    private static SongLedger open(LedgerSource source, Clock clock, Optional<WorkLock> lock, boolean works) {
        Database database = new Database(source);
        try {
            source.migrations().update(database);
            SongLedger ledger = new SongLedger(database, clock, lock, works);
            if (works) {
                ledger.beginWork(source);
            }
            return ledger;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }
}
