package io.camelody.cli;

import io.camelody.ledger.LedgerCopy;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camelody ledger copy}: from one process to several nodes. */
@Command(
        name = "copy",
        description = {
            "Moves the home's ledger from its file to PostgreSQL, where several nodes can work on it. Who asks there, and the password, are those of camelody.ledger.user and CAMELODY_LEDGER_PASSWORD.",
            "All songs, tasks, events and notices come along as they are, in one transaction, and are compared. From the beginning on nothing works on the file any more, or songs would be bought twice; it is left as it is."
        },
        footer = {"", "Example:", "  camelody ledger copy --to jdbc:postgresql://db.example/camelody"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:It is there, all of it.",
            "1:It cannot be given up.",
            "2:It is not there. The same command begins anew, if what was wrong is mended.",
            "130:Interrupted; the same command begins anew."
        })
final class LedgerCopyCommand implements Callable<Integer> {

    private static final String STOPPING =
            "Stopping; the copy is there whole or not at all, and the file is as it was. Nothing works on it from the copy's beginning on: run the same command again to finish it, or with --give-up to go back to the file.";

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "URL",
            description = "An empty database or schema: jdbc:postgresql://host/database.")
    private String to;

    @Option(
            names = "--give-up",
            description = "Go back to the file, where a copy to that URL was broken off and is not to be finished.")
    private boolean givesUp;

    @Override
    public Integer call() {
        Workplace file = home.read();
        Workplace database = home.read(Map.of("camelody.ledger.url", to));
        LedgerCopy copy = new LedgerCopy(file.ledger(), database.ledger());
        PrintWriter out = spec.commandLine().getOut();
        if (givesUp) {
            copy.giveUp();
            out.println("The ledger is not moved, and camelody works on its file again.");
            return Camelody.OK;
        }
        Optional<Map<String, Long>> rows;
        PrintWriter err = spec.commandLine().getErr();
        try (Interruption interruption = Interruption.listen(err, STOPPING);
                CopyProgress progress = interruption.closes(new CopyProgress(err))) {
            rows = copy.make(progress);
        }
        out.println(rows.map(LedgerCopyCommand::copied).orElse("It was there already, all of it."));
        out.println(
                "Now set camelody.ledger.url to the URL that you gave; the file works no more, and is left as it is.");
        return Camelody.OK;
    }

    private static String copied(Map<String, Long> rows) {
        return rows.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", ", "Copied, read back and compared, rows of each table: ", "."));
    }
}
