package io.camelody.cli;

import io.camelody.intake.DropReports;
import io.camelody.intake.LeftBehind;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camelody run}: the service, until it is stopped. */
@Command(
        name = "run",
        description = {
            "Watches the inbox for files of requests, takes requests over HTTP, and makes their songs until Ctrl-C.",
            "A file is taken when it has stopped growing, and goes to inbox/done/; what is wrong in it is told in inbox/rejected/.",
            "When the last song of a file has ended, its report stands beside it. A line is printed for each song that ends."
        },
        footer = {
            "",
            "Examples:",
            "  camelody run --sandbox        try it: drop files into inbox/, free of charge",
            "  camelody run --sandbox --dev  change routes/ and see it at work at once",
            "  camelody run --property camelody.inbox=/srv/songs,/srv/more",
            "",
            "A request over HTTP:",
            "  curl --json '{\"prompt\": \"a waltz\", \"vendor\": \"foxai\"}' \\",
            "    http://127.0.0.1:8080/songs"
        })
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** Its seconds also where they are none. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private static final String STOPPING = "Stopping; what is under way is handed back. The next run goes on with it.";

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Option(
            names = "--sandbox",
            description =
                    "Use vendors on this machine instead of the real ones: no key, no cost. Sinks that you set up are called.")
    private boolean inSandbox;

    @Option(
            names = "--dev",
            description =
                    "Reload the home's route files and settings when they change. What does not load is told, and all goes on as before.")
    private boolean dev;

    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> stronger = new HashMap<>();
        Workplace place = home.read(stronger);
        if (!inSandbox) {
            place.demandKey();
        }
        try (Interruption interruption = Interruption.listen(spec.commandLine().getErr(), STOPPING);
                SongLedger ledger = interruption.closes(SongLedger.openForWork(place.ledger()));
                HomeSandbox sandbox = inSandbox ? HomeSandbox.start(place) : null) {
            if (sandbox != null) {
                stronger.putAll(
                        sandbox.settings(Optional.empty(), spec.commandLine().getErr()));
                place = home.read(stronger);
            }
            if (dev) {
                try (LiveEngine engine = interruption.closes(new LiveEngine(
                        () -> home.read(stronger),
                        ledger,
                        read -> serve(read, ledger),
                        spec.commandLine().getErr()))) {
                    tellUntilInterrupted(engine::place, ledger, engine::look);
                    return Camelody.OK;
                }
            }
            Workplace served = place;
            try (Engine engine = interruption.closes(serve(served, ledger))) {
                tellUntilInterrupted(() -> served, engine.runtime().ledger(), () -> {});
                return Camelody.OK;
            }
        }
    }

    private Engine serve(Workplace place, SongLedger ledger) {
        ledger.onEnd(ended::add);
        try {
            for (Path inbox : place.inboxes().folders()) {
                Files.createDirectories(inbox);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        place.vendors().names().forEach(name -> ledger.pauses().lift(name, inSandbox));
        Engine engine = Engine.serve(place, ledger, new SongLedger.Scope(inSandbox, Optional.empty()));
        PrintWriter err = spec.commandLine().getErr();
        engine.web().ifPresent(web -> err.printf("Listening on %s%n", web.url()));
        err.printf("Watching %s; Ctrl-C stops.%n", watched(place));
        return engine;
    }

    private static String watched(Workplace place) {
        return place.inboxes().folders().stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** @param eachSecond what else is to be done meanwhile */
    private void tellUntilInterrupted(Supplier<Workplace> place, SongLedger ledger, Runnable eachSecond)
            throws InterruptedException {
        DropReports reports = new DropReports(ledger, inSandbox);
        LeftBehind leftBehind = new LeftBehind(ledger, inSandbox);
        boolean isTold = false;
        while (true) {
            String id = ended.poll(1, TimeUnit.SECONDS);
            eachSecond.run();
            try {
                for (; id != null; id = ended.poll()) {
                    ledger.catalog().find(id).ifPresent(song -> tell(place.get(), song));
                }
                List<Path> inboxes = place.get().inboxes().folders();
                leftBehind.settle(inboxes);
                reports.write(inboxes);
                isTold = false;
            } catch (LedgerException e) {
                if (!isTold) {
                    LOG.warn("Reports wait until the ledger can be read: {}", e.getMessage());
                }
                isTold = true;
            }
        }
    }

    private void tell(Workplace place, Song song) {
        PrintWriter out = spec.commandLine().getOut();
        String rest = song.state() == SongState.DELIVERED
                ? place.songs().resolve(song.id()).toString()
                : song.reason().map(reason -> reason + ": ").orElse("")
                        + SongTable.plain(song.message().orElse(""));
        out.printf("%s  %s  %s  %s%n", LocalTime.now().format(TIME), song.id(), song.state(), rest);
        out.flush();
    }
}
