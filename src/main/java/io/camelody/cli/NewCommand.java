package io.camelody.cli;

import picocli.CommandLine.Command;

/** {@code camelody new}: what can be begun in a home. */
@Command(
        name = "new",
        description = "Writes the start of something of your own into a home.",
        subcommands = NewVendorCommand.class)
final class NewCommand extends CommandGroup {}
