package io.camelody.cli;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.Steering;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody resolve}: says what became of a paid call that nobody heard. */
@Command(
        name = "resolve",
        description = {
            "Ends the doubt about songs whose paid call left and was never heard of again.",
            "Look at the vendor, among your tasks: is it there? Then say so with one of the options."
        },
        footer = {
            "",
            "Examples:",
            "  camelody songs --state in-doubt",
            "  camelody resolve tango-1 --task-id 8a31f0   it is there: go on with it",
            "  camelody resolve tango-1 --resubmit         it is not: buy it",
            "  camelody resolve tango-1 --fail             never mind"
        })
final class ResolveCommand implements Callable<Integer> {

    private static final Pattern TASK_IDS = Pattern.compile("[^,\\s]+(\\s*,\\s*[^,\\s]+)*");

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Songs in doubt; with --task-id, one.")
    private List<String> ids;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Answer answer;

    static final class Answer {

        @Option(
                names = "--task-id",
                paramLabel = "T",
                description = "The vendor took it: this is its task, or its tasks with commas between them.")
        private Optional<String> taskId = Optional.empty();

        @Option(names = "--resubmit", description = "The vendor did not take it: submit it once more.")
        private boolean resubmit;

        @Option(names = "--fail", description = "Give it up.")
        private boolean fail;
    }

    @Override
    public Integer call() {
        if (answer.taskId.isPresent() && ids.size() > 1) {
            throw new UsageException(
                    "Expected one song with --task-id, got: %d. A task makes one song.".formatted(ids.size()));
        }
        answer.taskId.filter(id -> !TASK_IDS.matcher(id).matches()).ifPresent(id -> {
            throw new UsageException("Expected --task-id to be the vendor's id of a task, got: \"%s\".".formatted(id));
        });
        Workplace place = home.read();
        Steered steered = new Steered(spec.commandLine(), place);
        try (SongLedger ledger = HomeOptions.ledgerToSteer(place).orElse(null)) {
            return steered.each(ids, ledger, song -> resolve(song, ledger.steering(), steered));
        }
    }

    private Steered.Turned resolve(Song song, Steering steering, Steered steered) {
        if (answer.taskId.isPresent()) {
            String taskId = answer.taskId.get();
            steering.resolveAsTask(song.id(), taskId, steered.timeout(song));
            return new Steered.Turned(
                    "goes on from submitted: task %s is asked about, nothing is bought.".formatted(taskId), true);
        }
        if (answer.resubmit) {
            steering.resolveByResubmit(song.id());
            return new Steered.Turned(
                    "goes on from accepted: it is submitted to %s once more.".formatted(song.stepVendor()), true);
        }
        steering.resolveAsFailed(song.id());
        return new Steered.Turned("has failed: it was given up.", false);
    }
}
