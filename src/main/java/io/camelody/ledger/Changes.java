package io.camelody.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes {@link Change}s in the tables, each on its own merits: many at a time, as few statements as there are kinds of them.
 */
final class Changes {

    /** One that is being made, and what stands against it. */
    private static final class Made {

        private final Change change;
        private final ChangeSteps steps;
        private Optional<RuntimeException> refusal = Optional.empty();

        Made(Change change, long now) {
            this.change = change;
            this.steps = ChangeSteps.of(change, now);
        }
    }

    private final Session session;
    private final long now;
    private final Budget budget;

    Changes(Session session, long now, Budget budget) {
        this.session = session;
        this.now = now;
        this.budget = budget;
    }

    /**
     * Makes those that nothing stands against.
     *
     * @return for each nothing, or a {@link ClaimLostException} if its claim no longer holds, or a {@link
     *     BudgetReachedException} if its call would go beyond the budget; nothing of it is written then
     */
    List<Optional<RuntimeException>> makeAll(List<? extends Change> changes) throws SQLException {
        List<Made> all = new ArrayList<>();
        List<Made> together = new ArrayList<>();
        for (Change change : changes) {
            Made made = new Made(proven(change), now);
            all.add(made);
            if (change instanceof Change.Intended intended && !budget.limits().isEmpty()) {
                spend(intended, made);
            } else {
                together.add(made);
            }
        }
        write(together);
        return all.stream().map(made -> made.refusal).toList();
    }

    /** The same for what several callers want, each with its own answers. */
    List<List<Optional<RuntimeException>>> makeEach(List<List<? extends Change>> lists) throws SQLException {
        List<Optional<RuntimeException>> refusals =
                makeAll(lists.stream().<Change>flatMap(List::stream).toList());
        List<List<Optional<RuntimeException>>> answers = new ArrayList<>();
        int from = 0;
        for (List<? extends Change> each : lists) {
            answers.add(refusals.subList(from, from + each.size()));
            from += each.size();
        }
        return answers;
    }

    /** By itself, since what it spends counts for the next one; and so it would for itself, where it is made once more. */
    private void spend(Change.Intended intended, Made made) throws SQLException {
        try {
            if (TaskChanges.isIntended(session, intended)) {
                made.refusal = Optional.of(new ClaimLostException(intended.claim()));
                return;
            }
            new BudgetCheck(session, now).demandWithin(budget, intended.claim().songId(), intended.price());
            write(List.of(made));
        } catch (BudgetReachedException e) {
            made.refusal = Optional.of(e);
        }
    }

    /** Where the vendor has called back about a call of unknown end, that call has been taken. */
    private Change proven(Change change) throws SQLException {
        boolean isTaken = change instanceof Change.AcceptedAgain again
                && again.paidCall() == Task.Outcome.UNKNOWN
                && Callbacks.proveIntent(session, change.claim().songId());
        return isTaken && change instanceof Change.AcceptedAgain again
                ? new Change.Doubted(again.claim(), again.message(), again.answer())
                : change;
    }

    /** First all songs, and then the tasks of those whose claim holds, each song's in their order. */
    private void write(List<Made> all) throws SQLException {
        List<Made> left = new ArrayList<>();
        for (List<Made> alike : alike(all, made -> made.steps.song())) {
            List<Update> updates = alike.stream().map(made -> made.steps.song()).toList();
            int[] rows = session.updateEach(updates.get(0).sql(), values(updates));
            for (int i = 0; i < rows.length; i++) {
                Made made = alike.get(i);
                if (rows[i] > 0) {
                    left.add(made);
                } else if (!isHeardLate(made.change)) {
                    made.refusal = Optional.of(new ClaimLostException(made.change.claim()));
                }
            }
        }
        for (int i = 0; !left.isEmpty(); i++) {
            int step = i;
            left.removeIf(made -> made.steps.tasks().size() == step);
            for (List<Made> alike : alike(left, made -> made.steps.tasks().get(step))) {
                List<Update> updates =
                        alike.stream().map(made -> made.steps.tasks().get(step)).toList();
                session.writeEach(updates.get(0).sql(), values(updates));
            }
        }
    }

    private static Collection<List<Made>> alike(List<Made> all, Function<Made, Update> update) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        made -> update.apply(made).sql(), LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private static List<Object[]> values(List<Update> updates) {
        return updates.stream().map(Update::values).toList();
    }

    private boolean isHeardLate(Change change) throws SQLException {
        if (!(change instanceof Change.Submitted late)) {
            return false;
        }
        ChangeSteps steps = SubmittedSteps.late(late, now);
        if (session.update(steps.song().sql(), steps.song().values()) == 0) {
            return TaskChanges.nameLate(session, late);
        }
        for (Update update : steps.tasks()) {
            session.update(update.sql(), update.values());
        }
        return true;
    }
}
