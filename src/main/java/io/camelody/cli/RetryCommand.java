package io.camelody.cli;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody retry}: lets songs that failed or were cancelled go on from where they were. */
@Command(
        name = "retry",
        description = {
            "Lets failed or cancelled songs go on from where they were.",
            "What is paid for is fetched, and a task that may still be alive is asked about again; a song is submitted anew "
                    + "only where there is no task to go on with."
        },
        footer = {
            "",
            "Examples:",
            "  camelody retry tango-1 tango-2",
            "  camelody retry $(camelody songs --state failed --json | jq -r '.[].id')"
        })
final class RetryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Songs that failed or were cancelled.")
    private List<String> ids;

    @Override
    public Integer call() {
        Workplace place = home.read();
        Steered steered = new Steered(spec.commandLine(), place);
        try (SongLedger ledger = HomeOptions.ledgerOf(place).orElse(null)) {
            return steered.each(ids, ledger, song -> {
                SongState next = ledger.steering().retry(song.id(), steered.timeout(song));
                return new Steered.Turned(words(song, next), next != SongState.IN_DOUBT);
            });
        }
    }

    private String words(Song song, SongState next) {
        return switch (next) {
            case GENERATED -> "goes on from generated: its clips are fetched and delivered, nothing is bought.";
            case SUBMITTED -> "goes on from submitted: its task is asked about again, nothing is bought.";
            case IN_DOUBT ->
                "is in doubt as before: nobody heard its paid call. See camelody show %s%s."
                        .formatted(song.id(), home.argument());
            default -> "goes on from accepted: it is submitted to %s anew, as a new task.".formatted(song.stepVendor());
        };
    }
}
