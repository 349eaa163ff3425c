package io.camelody.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code camelody new}: what can be begun in a home. */
@Command(
        name = "new",
        description = "Writes the start of something of your own into a home.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = NewVendorCommand.class)
final class NewCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** The command alone does not say what. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Camelody.USAGE;
    }
}
