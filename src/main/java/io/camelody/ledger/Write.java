package io.camelody.ledger;

import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** What one caller writes, and what became of it. Guarded by the write lock until it is over. */
final class Write<W, T> {

    private final List<String> locks;
    private final Database.WorkOnAll<W, T> work;
    private final W wanted;
    private T result;
    private Throwable failure;
    private boolean over;

    Write(List<String> locks, Database.WorkOnAll<W, T> work, W wanted) {
        this.locks = locks;
        this.work = work;
        this.wanted = wanted;
    }

    /** Of what no other node may do meanwhile. */
    List<String> locks() {
        return locks;
    }

    /** @throws Exception if one of them failed; what it and others have written may stand, and is to be undone */
    static void runAll(List<Write<?, ?>> together, Session session) throws SQLException {
        Collection<List<Write<?, ?>>> alike = together.stream()
                .collect(Collectors.groupingBy(write -> write.work, LinkedHashMap::new, Collectors.toList()))
                .values();
        for (List<Write<?, ?>> each : alike) {
            each.get(0).runWith(each, session);
        }
    }

    @SuppressWarnings("unchecked")
    private void runWith(List<Write<?, ?>> alike, Session session) throws SQLException {
        List<W> all = alike.stream().map(write -> (W) write.wanted).toList();
        List<T> results = work.in(session, all);
        for (int i = 0; i < all.size(); i++) {
            Write<W, T> write = (Write<W, T>) alike.get(i);
            write.failure = null;
            write.result = results.get(i);
        }
    }

    /**
     * Its own failure undoes it alone.
     *
     * @throws SQLException if it could not be undone, and so nothing may stand, or if all of it may succeed at another try
     */
    void runAlone(Session session) throws SQLException {
        session.update("SAVEPOINT one");
        try {
            runWith(List.of(this), session);
        } catch (SQLException | RuntimeException e) {
            if (session.dialect().mayPass(e)) {
                throw e;
            }
            failure = e;
            try {
                session.update("ROLLBACK TO one");
            } catch (SQLException gone) {
                // a full disk, for one, ends the whole transaction
                e.addSuppressed(gone);
                throw e;
            }
        }
        session.update("RELEASE one");
    }

    void succeed() {
        over = true;
    }

    void fail(Throwable all) {
        failure = failure == null ? all : failure;
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Also where it was refused for what it is: the ledger could be written. */
    boolean isWritten() {
        return failure == null || failure instanceof RuntimeException;
    }

    T outcome(String place) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Writer.UnknownOutcome) {
            throw new UnknownOutcomeException(failure, place);
        }
        if (failure != null) {
            throw new LedgerException("written", failure, place);
        }
        return result;
    }
}
