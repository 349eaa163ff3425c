package io.camelody.cli;

import io.camelody.http.PortTakenException;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.NotPossibleException;
import io.camelody.settings.BadSettingsException;
import io.camelody.wiring.BrokenRouteException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
        name = "camelody",
        description = "Turns song requests into songs: nothing paid for is lost, nothing is bought twice.",
        versionProvider = Camelody.Version.class,
        footer = {
            "",
            "To try it without a key:  camelody batch REQUESTS --sandbox",
            "Before money is spent:    camelody check",
            "A command's own options:  camelody COMMAND --help"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All is well.",
            "1:Some songs were not delivered, or what was asked could not be done.",
            "2:Bad usage or settings; nothing was begun.",
            "130:Interrupted; the same command goes on."
        })
public final class Camelody extends CommandGroup {

    static final int OK = 0;
    static final int NOT_ALL = 1;
    static final int USAGE = 2;
    static final int INTERRUPTED = 130;

    /** By name, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = commands();

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
        if (args.length > 0 && List.of("run", "batch").contains(args[0])) {
            Ahead.loadProgram(args[0].equals("run"));
        }
        ProgramLog.use();
        System.exit(commandLine(args).execute(args));
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("batch", BatchCommand.class);
        commands.put("run", RunCommand.class);
        commands.put("songs", SongsCommand.class);
        commands.put("show", ShowCommand.class);
        commands.put("retry", RetryCommand.class);
        commands.put("cancel", CancelCommand.class);
        commands.put("resolve", ResolveCommand.class);
        commands.put("resume", ResumeCommand.class);
        commands.put("cost", CostCommand.class);
        commands.put("check", CheckCommand.class);
        commands.put("routes", RoutesCommand.class);
        commands.put("new", NewCommand.class);
        commands.put("ledger", LedgerCommand.class);
        commands.put("sandbox", SandboxCommand.class);
        return commands;
    }

    /**
     * The command line as a program would call it, writing UTF-8 whatever the platform's default is.
     *
     * @param args if they begin with a command it has no other, since a start waits for each that it has; else it has all
     */
    public static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Camelody());
        if (args.length > 0 && COMMANDS.containsKey(args[0])) {
            line.addSubcommand(COMMANDS.get(args[0]));
        } else {
            COMMANDS.values().forEach(line::addSubcommand);
        }
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((failure, arguments) -> complain(failure));
        line.setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, command.getErr()));
        return line;
    }

    private static int complain(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.printf("See %s --help.%n", command.getCommandSpec().qualifiedName());
        return USAGE;
    }

    private static int fail(Exception failure, PrintWriter err) {
        if (failure instanceof UsageException
                || failure instanceof BadSettingsException
                || failure instanceof BrokenRouteException
                || failure instanceof PortTakenException
                || failure instanceof LedgerException) {
            err.println(failure.getMessage());
            return USAGE;
        }
        if (failure instanceof NotPossibleException) {
            err.println(failure.getMessage());
            return NOT_ALL;
        }
        err.println("camelody failed: " + failure);
        if ("DEBUG".equalsIgnoreCase(System.getenv("CAMELODY_LOG"))) {
            failure.printStackTrace(err);
        } else {
            err.println("CAMELODY_LOG=DEBUG shows where.");
        }
        return NOT_ALL;
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String packed = Camelody.class.getPackage().getImplementationVersion();
            return new String[] {"camelody " + (packed == null ? "(not packed)" : packed)};
        }
    }
}
