package io.camelody.ledger;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes changes within the budget, durably, those of many callers together, and tells whoever listens of each that stands. */
final class ChangeWriter {

    private final Database database;
    private final Listeners listeners;
    private final Hearing hearing;

    /** The same object for all callers, who are served together by that. */
    private final Database.WorkOnAll<List<? extends Change>, List<Optional<RuntimeException>>> changing;

    private volatile Budget budget = Budget.NONE;

    ChangeWriter(Database database, Clock clock, Listeners listeners) {
        this.database = database;
        this.listeners = listeners;
        this.hearing = new Hearing(database, clock);
        this.changing = (session, lists) -> new Changes(session, clock.millis(), budget).makeEach(lists);
    }

    /** From here on. */
    void keepWithin(Budget limits) {
        budget = limits;
    }

    /** @see SongLedger#make(Change) */
    void make(Change change) {
        write(List.of(change)).get(0).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** @see SongLedger#make(Change, PaidAnswer) */
    PaidAnswer.Noted make(Change change, PaidAnswer answer) {
        PaidAnswer.Noted noted = hearing.make(change, answer, budget);
        if (noted.refusal().isEmpty()) {
            listeners.tell(change);
        }
        return noted;
    }

    /** @see SongLedger#makeAll */
    List<Claim> makeAll(List<? extends Change> changes) {
        List<Optional<RuntimeException>> refusals = write(changes);
        return IntStream.range(0, changes.size())
                .filter(i -> refusals.get(i).isPresent())
                .mapToObj(i -> changes.get(i).claim())
                .toList();
    }

    private List<Optional<RuntimeException>> write(List<? extends Change> changes) {
        List<Optional<RuntimeException>> refusals = database.write(locks(changes), changing, changes);
        for (int i = 0; i < changes.size(); i++) {
            if (refusals.get(i).isEmpty()) {
                listeners.tell(changes.get(i));
            }
        }
        return refusals;
    }

    private List<String> locks(List<? extends Change> changes) {
        boolean isPaid = changes.stream().anyMatch(change -> change instanceof Change.Intended);
        return isPaid && !budget.limits().isEmpty() ? List.of(BudgetCheck.LOCK) : List.of();
    }
}
