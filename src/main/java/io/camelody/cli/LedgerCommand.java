package io.camelody.cli;

import picocli.CommandLine.Command;

/** {@code camelody ledger}: what can be done with a ledger as a whole. */
@Command(name = "ledger", description = "Moves the ledger to another database.", subcommands = LedgerCopyCommand.class)
final class LedgerCommand extends CommandGroup {}
