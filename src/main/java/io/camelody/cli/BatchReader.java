package io.camelody.cli;

import io.camelody.component.Intake;
import io.camelody.component.SongRuntime;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.Receipt;
import io.camelody.ledger.SongState;
import io.camelody.request.Ahead;
import io.camelody.request.Json;
import io.camelody.request.Portion;
import io.camelody.request.Problem;
import io.camelody.request.ReadItem;
import io.camelody.request.RefusedRequestException;
import io.camelody.request.RejectedFile;
import io.camelody.request.RequestFiles;
import io.camelody.request.RequestId;
import io.camelody.request.RequestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads request files into the ledger, a portion at a time, so that memory does not grow with a file; the next one is read and
 * checked while the last is written down. A bad line goes to {@code rejected/} with its reasons and the others go on.
 */
final class BatchReader {

    /**
     * @param accepted new songs
     * @param standing requests that were there already
     * @param ended those of them that had ended
     * @param keptIds those of them that bring an id of their own
     * @param firstRefusal where the first refused request stands and why it was refused
     * @param rejections the files that hold the refused lines
     */
    record Result(
            int accepted,
            int standing,
            int ended,
            int keptIds,
            int refused,
            Optional<String> firstRefusal,
            int skippedFiles,
            Set<Path> rejections) {}

    private record Refusal(ReadItem item, List<Problem> problems) {}

    /** What is read while the one before is written down. */
    private record Read(List<Pending> good, List<Refusal> bad) {}

    /** A request on its way, with what its next id is made of if this one is taken by a twin. */
    private record Pending(ReadItem item, NewSong song, boolean ownId, int occurrence) {}

    private final SongRuntime runtime;
    private final Intake intake;
    private final Path rejected;
    private final String batch;
    private final boolean again;
    private final Occurrences occurrences = new Occurrences();
    private final Set<Path> rejections = new LinkedHashSet<>();
    private int accepted;
    private int standing;
    private int ended;
    private int keptIds;
    private int refused;
    private Optional<String> firstRefusal = Optional.empty();

    BatchReader(SongRuntime runtime, Path rejected, Optional<String> vendor, String batch, boolean again) {
        this.runtime = runtime;
        this.intake = new Intake(runtime, vendor);
        this.rejected = rejected;
        this.batch = batch;
        this.again = again;
    }

    Result read(List<Path> paths) throws IOException {
        int skipped = 0;
        Map<String, Path> bySource = new LinkedHashMap<>();
        for (Path path : paths) {
            RequestFiles found = RequestFiles.under(path);
            skipped += found.skipped();
            for (Path file : found.files()) {
                bySource.putIfAbsent(real(file).toString(), file);
            }
        }
        if (again) {
            // at once, or a run that is broken off would leave some files asked for anew and others not
            runtime.ledger()
                    .generations()
                    .raise(bySource.keySet().stream().map(this::counted).toList());
        }
        for (Map.Entry<String, Path> each : bySource.entrySet()) {
            readFile(each.getKey(), each.getValue());
        }
        return new Result(accepted, standing, ended, keptIds, refused, firstRefusal, skipped, rejections);
    }

    /** A file that has vanished since it was listed keeps its name, and reading it says that it is not there. */
    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    private void readFile(String source, Path file) throws IOException {
        String salt = salt(source);
        try (RejectedFile bad = new RejectedFile(rejected, file);
                RequestReader reader = RequestReader.read(file);
                Ahead<Read> portions = new Ahead<>(portions(reader, source, salt))) {
            while (portions.hasNext()) {
                Read portion = portions.next();
                for (Refusal refusal : portion.bad()) {
                    refuse(refusal.item(), refusal.problems(), bad);
                }
                accept(portion.good(), source, salt, bad);
            }
            bad.path().ifPresent(rejections::add);
        }
    }

    private Iterator<Read> portions(RequestReader reader, String source, String salt) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return reader.hasNext();
            }

            @Override
            public Read next() {
                Read read = new Read(new ArrayList<>(), new ArrayList<>());
                Portion portion = new Portion();
                boolean isRoom = true;
                while (isRoom && reader.hasNext()) {
                    ReadItem item = reader.next();
                    take(item, source, salt, read);
                    isRoom = portion.takes(item);
                }
                return read;
            }
        };
    }

    /** Part of the ids that are made for requests without one: another world, another song. */
    private String salt(String source) {
        int generation = runtime.ledger().generations().of(counted(source));
        return (runtime.sandbox() ? "sandbox" : "") + (generation == 0 ? "" : "-again-" + generation);
    }

    /** Trying a file again in the sandbox must not make its real songs again. */
    private String counted(String source) {
        return runtime.sandbox() ? "sandbox:" + source : source;
    }

    private void take(ReadItem item, String source, String salt, Read read) {
        if (item.unreadable().isPresent()) {
            read.bad().add(new Refusal(item, List.of(item.unreadable().get())));
            return;
        }
        try {
            NewSong song = intake.check(
                    item.json(), request -> "", Optional.of(item.file() + ":" + item.line()), Optional.of(batch));
            read.good().add(song.id().isEmpty() ? named(item, song, source, salt) : new Pending(item, song, true, 1));
        } catch (RefusedRequestException e) {
            read.bad().add(new Refusal(item, e.problems()));
        }
    }

    private Pending named(ReadItem item, NewSong song, String source, String salt) {
        NewSong first = named(song, source, 1, salt);
        int occurrence = occurrences.next(first.id());
        return new Pending(item, occurrence == 1 ? first : named(song, source, occurrence, salt), false, occurrence);
    }

    private static NewSong named(NewSong song, String source, int occurrence, String salt) {
        String id = RequestId.derive(source, Json.write(song.request()), occurrence, salt);
        return new NewSong(
                id,
                song.vendor(),
                song.lyricsVendor(),
                song.request(),
                song.notes(),
                song.isMovable(),
                song.hasWebhook(),
                song.source(),
                song.batch());
    }

    private void accept(List<Pending> now, String source, String salt, RejectedFile bad) throws IOException {
        List<Pending> twins = new ArrayList<>();
        List<Receipt> receipts =
                runtime.ledger().accept(now.stream().map(Pending::song).toList(), runtime.sandbox());
        for (int i = 0; i < now.size(); i++) {
            Pending each = now.get(i);
            Receipt receipt = receipts.get(i);
            if (receipt.isNew()) {
                accepted++;
            } else if (receipt.sandbox() != runtime.sandbox()) {
                refuse(each.item(), List.of(otherWorld(receipt)), bad);
            } else if (receipt.differs()) {
                refuse(each.item(), List.of(Intake.idOfAnother(receipt)), bad);
            } else if (receipt.sameBatch() && !each.ownId()) {
                // the twin of a line read long before, which memory no longer holds: it is the next one
                int next = each.occurrence() + 1;
                twins.add(new Pending(each.item(), named(each.song(), source, next, salt), false, next));
            } else {
                standing++;
                keptIds += each.ownId() ? 1 : 0;
                ended += receipt.state().isFinal() || receipt.state() == SongState.IN_DOUBT ? 1 : 0;
            }
        }
        if (!twins.isEmpty()) {
            accept(twins, source, salt, bad);
        }
    }

    private static Problem otherWorld(Receipt receipt) {
        return Problem.of(
                "id",
                "an id that no %s song has".formatted(receipt.sandbox() ? "sandbox" : "real"),
                Problem.quote(receipt.id()),
                "Give the request another id, or use another --home.");
    }

    private void refuse(ReadItem item, List<Problem> problems, RejectedFile bad) throws IOException {
        refused++;
        if (firstRefusal.isEmpty()) {
            firstRefusal = Optional.of("%s:%d: %s"
                    .formatted(item.file(), item.line(), problems.get(0).message()));
        }
        bad.reject(item.line(), item.raw(), problems);
    }

    /** How often a request has stood in its file so far; it forgets those not seen for long, which the ledger knows. */
    private static final class Occurrences {

        private static final int REMEMBERED = 10_000;

        private final Map<String, Integer> counts = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > REMEMBERED;
            }
        };

        /** @param first the id of the first such request */
        int next(String first) {
            return counts.merge(first, 1, Integer::sum);
        }
    }
}
