package io.camelody.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code camelody ledger}: what can be done with a ledger as a whole. */
@Command(
        name = "ledger",
        description = "Moves the ledger to another database.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = LedgerCopyCommand.class)
final class LedgerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** The command alone does not say what. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Camelody.USAGE;
    }
}
