package io.camelody.cli;

import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody retry}: lets songs that failed or were cancelled go on from where they were. */
@Command(
        name = "retry",
        description = {
            "Lets failed or cancelled songs go on from where they were.",
            "Free where anything was bought: clips are fetched again, and a task that the vendor has named is asked about again, "
                    + "whatever became of it. A song that was refused, and so cost nothing, is submitted, which costs as the first time.",
            "With --resubmit a new task is bought for each song."
        },
        footer = {
            "",
            "Examples:",
            "  camelody retry tango-1 tango-2     ask again, fetch again",
            "  camelody retry --resubmit tango-1  buy it once more",
            "  camelody retry $(camelody songs --state failed --json | jq -r '.[].id')"
        })
final class RetryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Songs that failed or were cancelled.")
    private List<String> ids;

    @Option(names = "--resubmit", description = "Buy a new task for each, which costs again.")
    private boolean resubmit;

    @Override
    public Integer call() {
        Workplace place = home.read();
        Steered steered = new Steered(spec.commandLine(), place);
        try (SongLedger ledger = HomeOptions.ledgerToSteer(place).orElse(null)) {
            return steered.each(ids, ledger, song -> {
                if (resubmit) {
                    ledger.steering().retryByResubmit(song.id());
                    return new Steered.Turned(
                            "goes on from accepted: it is submitted to %s once more, as a new task that costs again."
                                    .formatted(song.stepVendor()),
                            true);
                }
                SongState next = ledger.steering().retry(song.id(), steered.timeout(song));
                return new Steered.Turned(words(song, next), next != SongState.IN_DOUBT);
            });
        }
    }

    private String words(Song song, SongState next) {
        return switch (next) {
            case GENERATED -> "goes on from generated: its clips are fetched and delivered, nothing is bought.";
            case SUBMITTED ->
                "goes on from submitted: its task is asked about again, nothing is bought." + wayOut(song);
            case IN_DOUBT ->
                "is in doubt as before: nobody heard its paid call. See camelody show %s%s."
                        .formatted(song.id(), home.argument());
            default -> "goes on from accepted: it is submitted to %s, as a new task.".formatted(song.stepVendor());
        };
    }

    /** Where asking will hardly help, and has to come first all the same. */
    private String wayOut(Song song) {
        return song.reason().filter(reason -> reason != Reason.VENDOR_TIMEOUT).isEmpty()
                ? ""
                : " If it fails again: camelody retry --resubmit %s%s, which costs again."
                        .formatted(song.id(), home.argument());
    }
}
