package io.camelody.cli;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.NotPossibleException;
import io.camelody.settings.BadSettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/**
 * The command line. Exit codes: 0 all is well, 1 some songs were not delivered or a thing could not be done, 2 the command
 * line or the settings are wrong, 130 interrupted.
 */
@Command(
        name = "camelody",
        description = "Turns song requests into songs: nothing paid for is lost, nothing is bought twice.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Camelody.Version.class,
        subcommands = {BatchCommand.class},
        footer = {
            "",
            "To try it without a key: camelody batch REQUESTS --sandbox",
            "Exit codes: 0 all is well, 1 some songs were not delivered, 2 bad usage or settings, 130 interrupted."
        })
public final class Camelody {

    static final int OK = 0;
    static final int NOT_ALL = 1;
    static final int USAGE = 2;
    static final int INTERRUPTED = 130;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    private Camelody() {}

    public static void main(String[] args) {
        System.setProperty("logback.configurationFile", "camelody/logback.xml");
        if (Progress.isOnTerminal()) {
            // a line of the log takes the place of the bar, which is drawn again below it
            System.setProperty("camelody.clear-line", "\r\u001b[K");
        }
        System.exit(commandLine().execute(args));
    }

    /** The command line as a program would call it, writing UTF-8 whatever the platform's default is. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Camelody());
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof UsageException
                    || failure instanceof BadSettingsException
                    || failure instanceof LedgerException) {
                command.getErr().println(failure.getMessage());
                return USAGE;
            }
            if (failure instanceof NotPossibleException) {
                command.getErr().println(failure.getMessage());
                return NOT_ALL;
            }
            throw failure;
        });
        return line;
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String packed = Camelody.class.getPackage().getImplementationVersion();
            return new String[] {"camelody " + (packed == null ? "(not packed)" : packed)};
        }
    }
}
