package io.camelody.cli;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Notices;
import io.camelody.ledger.SongCatalog.Counts;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.RequestFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody batch}: runs the requests of files to the end. */
@Command(
        name = "batch",
        description = {
            "Runs the requests of files or folders to the end and says what became of them.",
            "The same files again go on where an earlier run stopped; a request that has its song is not made again."
        },
        footer = {
            "",
            "Examples:",
            "  camelody batch requests/ --sandbox         try it, free of charge",
            "  camelody batch songs.jsonl --vendor foxai  make them",
            "  camelody batch songs.jsonl                 go on, after Ctrl-C or a retry too"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every request has its song.",
            "1:Some have none; camelody songs says why.",
            "2:Bad usage or settings; nothing was begun.",
            "130:Interrupted; the same command goes on."
        })
final class BatchCommand implements Callable<Integer> {

    private static final String STOPPING = "Stopping; what is under way is handed back. Run the same %s to go on.";

    private static final String NO_KEY = "No key for %s. Set %s, or run with --sandbox to try it without one.";

    private static final Duration LAST_NOTICES = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files (" + RequestFiles.SUFFIXES + ") or folders of them.")
    private List<Path> paths;

    @Option(names = "--vendor", paramLabel = "V", description = "The vendor for requests that name none.")
    private Optional<String> vendor = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the songs go, instead of camelody.songs.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--again",
            description =
                    "Make new songs of these files, also of requests that have theirs, unless they bring an id of their own.")
    private boolean again;

    @Option(
            names = "--sandbox",
            description =
                    "Use vendors on this machine instead of the real ones: no key, no cost. Sinks that you set up are called.")
    private boolean inSandbox;

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new UsageException("There is no file or folder %s.".formatted(path));
            }
        }
        Map<String, String> stronger = new HashMap<>();
        out.ifPresent(
                folder -> stronger.put("camelody.songs", folder.toAbsolutePath().toString()));
        Workplace place = home.read(stronger);
        if (!inSandbox) {
            demandVendor(place);
        }
        try (Interruption interruption = Interruption.listen(
                        spec.commandLine().getErr(), STOPPING.formatted(again ? "without --again" : "again"));
                SongLedger ledger = interruption.closes(SongLedger.openForWork(place.ledger()));
                HomeSandbox sandbox = inSandbox ? HomeSandbox.start(place) : null) {
            if (sandbox != null) {
                stronger.putAll(sandbox.settings(vendor, spec.commandLine().getErr()));
                place = home.read(stronger);
                demandVendor(place);
            }
            return run(place, ledger, interruption);
        }
    }

    private int run(Workplace place, SongLedger ledger, Interruption interruption)
            throws IOException, InterruptedException {
        String batch = "batch-" + UUID.randomUUID();
        SongLedger.Scope scope = new SongLedger.Scope(inSandbox, Optional.of(batch));
        try (BatchPages pages = interruption.closes(new BatchPages(ledger.catalog(), batch, place.songs()));
                Engine engine = interruption.closes(Engine.start(place, ledger, scope))) {
            liftPauses(place, ledger);
            BatchReader.Result read = work(place, engine, ledger, batch, interruption);
            boolean hasWebhook = !place.work().webhook().secrets().isEmpty();
            if (hasWebhook) {
                awaitNotices(ledger.notices(), scope);
            }
            int code = report(place, ledger, batch, read, pages);
            if (hasWebhook) {
                tellNotices(ledger.notices().countDue(scope));
            }
            return code;
        }
    }

    /** What a receiver does not take at the first try may take days. */
    private static void awaitNotices(Notices notices, SongLedger.Scope scope) throws InterruptedException {
        long end = System.nanoTime() + LAST_NOTICES.toNanos();
        while (notices.countUntried(scope) > 0 && System.nanoTime() < end) {
            // the ledger has what is due, whoever sends it, and tells nobody as it is sent
            Thread.sleep(100);
        }
    }

    private void tellNotices(int due) {
        if (due > 0) {
            String what = due == 1 ? "1 webhook is" : due + " webhooks are";
            String them = due == 1 ? "it" : "them";
            spec.commandLine().getOut().printf("%n%s still due; camelody run sends %s.%n", what, them);
        }
    }

    /** Who starts a run has seen to the key and the credits, or wants to hear again what is wrong with them. */
    private void liftPauses(Workplace place, SongLedger ledger) {
        place.vendors().names().forEach(name -> ledger.pauses().lift(name, inSandbox));
    }

    private BatchReader.Result work(
            Workplace place, Engine engine, SongLedger ledger, String batch, Interruption interruption)
            throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try (Progress progress = interruption.closes(new Progress(ledger.catalog(), batch, err))) {
            BatchReader.Result read =
                    new BatchReader(engine.runtime(), place.rejected(), vendor, batch, again).read(paths);
            progress.allAccepted(read.ended());
            while (!isOver(place, ledger, batch)) {
                progress.await();
            }
            return read;
        }
    }

    private void demandVendor(Workplace place) {
        vendor.ifPresent(name -> place.demandVendor(name, "--vendor"));
        place.demandKey();
        vendor.flatMap(place.vendors()::find)
                .filter(each -> each.apiKey().isEmpty())
                .ifPresent(each -> {
                    throw new UsageException(NO_KEY.formatted(each.name(), each.keyName()));
                });
    }

    /**
     * Nothing goes on by itself soon: all have ended, are in doubt, or wait for vendors that are paused or not in use or for
     * sinks that are left alone for long.
     */
    private boolean isOver(Workplace place, SongLedger ledger, String batch) {
        try {
            Set<String> paused = ledger.pauses().standing(inSandbox).stream()
                    .map(Pause::vendor)
                    .collect(Collectors.toSet());
            return ledger.catalog().isStill(batch, place.vendors().names(), paused)
                    && !isResubmitting(place, ledger, batch);
        } catch (LedgerException e) {
            // who works on the songs says so; the next look may do better
            return false;
        }
    }

    /** Whether a doubt is about to be ended by itself. */
    private boolean isResubmitting(Workplace place, SongLedger ledger, String batch) {
        SongLedger.Scope scope = new SongLedger.Scope(inSandbox, Optional.of(batch));
        return place.vendors().all().stream()
                .anyMatch(each -> each.resubmitOnDoubt()
                        && !ledger.doubts().resubmittable(each.name(), scope).isEmpty());
    }

    private int report(Workplace place, SongLedger ledger, String batch, BatchReader.Result read, BatchPages pages) {
        Counts counts = ledger.catalog().count(batch);
        new Summary(spec.commandLine().getOut()).print(place, ledger, batch, counts, read, pages.write(), inSandbox);
        if (again && read.keptIds() > 0) {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%n--again made no new songs of %d requests with an id of their own, which is accepted once. Give them new ids.%n",
                            read.keptIds());
        }
        boolean all = counts.of(SongState.DELIVERED) == counts.total() && read.refused() == 0;
        return all ? Camelody.OK : Camelody.NOT_ALL;
    }
}
