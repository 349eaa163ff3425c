package io.camelody.cli;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.Task;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody cancel}: ends songs. */
@Command(
        name = "cancel",
        description = {
            "Ends songs that have not ended.",
            "A task that the vendor has already taken is paid for all the same; camelody retry goes on with it."
        },
        footer = {"", "Example: camelody cancel tango-1 tango-2"})
final class CancelCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            description = "Songs that are accepted, submitted, generated or in doubt.")
    private List<String> ids;

    @Override
    public Integer call() {
        Workplace place = home.read();
        try (SongLedger ledger = HomeOptions.ledgerToSteer(place).orElse(null)) {
            return new Steered(spec.commandLine(), place).each(ids, ledger, song -> {
                ledger.steering().cancel(song.id());
                return new Steered.Turned("is cancelled" + cost(song), false);
            });
        }
    }

    private static String cost(Song song) {
        boolean made = song.tasks().stream().anyMatch(task -> task.outcome() == Task.Outcome.MADE);
        boolean doubted = song.tasks().stream().anyMatch(task -> task.outcome() == Task.Outcome.UNKNOWN);
        if (made) {
            return "; what its vendor has taken is paid for all the same.";
        }
        return doubted
                ? "; whether its vendor has taken it, and charges for it, nobody heard."
                : "; nothing was bought.";
    }
}
