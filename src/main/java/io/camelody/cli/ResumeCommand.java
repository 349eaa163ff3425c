package io.camelody.cli;

import io.camelody.ledger.SongLedger;
import io.camelody.ledger.VendorPauses;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody resume}: has paid calls made again to vendors that are paused. */
@Command(
        name = "resume",
        description = {
            "Lifts the pause of vendors that refused the key, had no credits left, or reached their budget.",
            "A run that works on their songs goes on within a second; what is still wrong pauses the vendor again."
        },
        footer = {"", "Example: camelody resume foxai"})
final class ResumeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(arity = "1..*", paramLabel = "VENDOR", description = "Vendors that camelody songs says are paused.")
    private List<String> vendors;

    @Override
    public Integer call() {
        Workplace place = home.read();
        for (String vendor : vendors) {
            place.demandVendor(vendor, "the vendor");
        }
        try (SongLedger ledger = HomeOptions.ledgerToSteer(place).orElse(null)) {
            for (String vendor : vendors) {
                boolean lifted = ledger != null && lift(ledger.pauses(), vendor);
                spec.commandLine()
                        .getOut()
                        .println(vendor + (lifted ? " is sent paid calls again." : " was not paused."));
            }
        }
        return Camelody.OK;
    }

    /** For real songs and for those of the sandbox. */
    private static boolean lift(VendorPauses pauses, String vendor) {
        return pauses.lift(vendor, false) | pauses.lift(vendor, true);
    }
}
