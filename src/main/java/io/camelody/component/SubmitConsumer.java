package io.camelody.component;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Answers;
import io.camelody.vendor.CallWatch;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorBody;
import io.camelody.vendor.VendorError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code song:accepted}: the one place where money is spent. The intent is in the ledger before an exchange leaves, and the
 * outcome before anything else happens. If the process dies in between, the next start finds the intent and puts the song in
 * doubt.
 */
final class SubmitConsumer extends ClaimingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(SubmitConsumer.class);

    private static final int MOVED_AT_ONCE = 100;

    private final NextVendor nextVendor = new NextVendor(runtime);
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    SubmitConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.ACCEPTED);
    }

    @Override
    Instant work(Lane lane) {
        VendorSettings vendor = lane.vendor();
        Instant now = runtime.clock().instant();
        Optional<Pause> pause = runtime.ledger().pauses().of(vendor.name(), runtime.sandbox());
        if (pause.isPresent()) {
            moveOn(vendor);
            return pause.get().until();
        }
        Gate gate = gate(vendor);
        int running = runtime.ledger().countSubmitted(vendor.name(), runtime.sandbox()) + lane.taken();
        int room = Math.min(Math.min(lane.room(), vendor.maxRunning() - running), gate.room(now, lane.taken()));
        if (room > 0) {
            for (ClaimedSong claimed : runtime.ledger()
                    .claimDue(
                            SongState.ACCEPTED,
                            vendor.name(),
                            runtime.scope(),
                            room,
                            runtime.settings().lease())) {
                gate.left();
                dispatch(lane, List.of(claimed), () -> submit(lane, claimed));
            }
        }
        Instant nextDue = runtime.ledger()
                .nextDue(SongState.ACCEPTED, vendor.name(), runtime.scope())
                .orElse(Instant.MAX);
        Instant nextReady = gate.opensAt(now);
        return lane.room() <= 0 || vendor.maxRunning() <= running
                ? Instant.MAX
                : nextDue.isAfter(nextReady) ? nextDue : nextReady;
    }

    private Gate gate(VendorSettings vendor) {
        return gates.computeIfAbsent(
                vendor.name(),
                name -> new Gate(
                        vendor, runtime.clock().instant(), runtime.time().random()));
    }

    /** Songs do not wait for a vendor that takes nothing while another one may take them. */
    private void moveOn(VendorSettings vendor) {
        List<ClaimedSong> movable = runtime.ledger()
                .claimMovable(
                        vendor.name(),
                        runtime.scope(),
                        MOVED_AT_ONCE,
                        runtime.settings().lease());
        runtime.ledger()
                .makeAll(movable.stream()
                        .map(claimed -> nextVendor.whilePaused(claimed).orElse(new Change.Released(claimed.claim())))
                        .toList());
    }

    private void submit(Lane lane, ClaimedSong claimed) {
        Song song = claimed.song();
        int number = song.tasks().stream().mapToInt(Task::number).max().orElse(0) + 1;
        try {
            Exchange exchange = exchange(song);
            runtime.ledger()
                    .make(new Change.Intended(
                            claimed.claim(), number, lane.vendor().price()));
            send(exchange, () -> {
                try {
                    record(lane, claimed, number, Answers.ofSubmit(exchange));
                } finally {
                    done(lane);
                }
            });
        } catch (ClaimLostException e) {
            LOG.info("{}", e.getMessage());
            done(lane);
        } catch (RuntimeException e) {
            LOG.error("A song could not be submitted; its claim runs out first. (song: {})", song.id(), e);
            done(lane);
        }
    }

    private Exchange exchange(Song song) {
        VendorSettings vendor = runtime.vendor(song.stepVendor());
        SongRequest request = new SongRequest(song.request());
        ObjectNode body = song.step() == Step.LYRICS
                ? VendorBody.ofLyrics(request)
                : VendorBody.ofSong(request, vendor, song.written()).json();
        Exchange exchange = newExchange(vendor.name());
        exchange.setVariable("songId", song.id());
        exchange.setVariable("step", song.step().word());
        exchange.getMessage().setBody(body);
        CallWatch.watch(exchange);
        return exchange;
    }

    private void record(Lane lane, ClaimedSong claimed, int number, SubmitAnswer answer) {
        String songId = claimed.song().id();
        VendorSettings vendor = lane.vendor();
        Instant now = runtime.clock().instant();
        Change change = nextVendor
                .after(claimed, answer)
                .orElseGet(() -> new SubmitJudge(vendor, now, runtime.time().random()).judge(claimed, number, answer));
        if (gate(vendor).heard(answer, now)) {
            LOG.warn(
                    "{} has not answered sensibly {} times or more in a row; a single song tries it again later. (vendor: {})",
                    vendor.name(),
                    Gate.BREAKS_AFTER,
                    vendor.name());
        }
        if (answer instanceof SubmitAnswer.NotTaken no) {
            warn(songId, vendor, no.error(), change);
            pauseFor(vendor, no.error());
        }
        try {
            runtime.ledger().make(change);
        } catch (RuntimeException e) {
            if (answer instanceof SubmitAnswer.Taken taken) {
                LOG.error(
                        "A paid call was taken and could not be recorded. Keep this line: camelody resolve {} --task-id {}",
                        songId,
                        String.join(",", taken.taskIds()),
                        e);
            }
            throw e;
        }
    }

    private static void warn(String songId, VendorSettings vendor, VendorError error, Change change) {
        String follows = "the song has failed";
        if (change instanceof Change.Doubted) {
            follows = "the song is in doubt: see camelody resolve";
        } else if (change instanceof Change.MovedOn moved) {
            follows = "it goes on to " + moved.vendor();
        } else if (change instanceof Change.AcceptedAgain) {
            boolean paused = error.errorClass() == ErrorClass.CREDITS || error.errorClass() == ErrorClass.AUTH;
            follows = paused ? "the vendor is paused" : "will be tried again";
        }
        LOG.warn(
                "{} did not take a song: {}; {}. (song: {}, vendor: {}, class: {})",
                vendor.name(),
                error.message(),
                follows,
                songId,
                vendor.name(),
                error.errorClass().word());
    }

    private void pauseFor(VendorSettings vendor, VendorError error) {
        if (error.errorClass() == ErrorClass.CREDITS || error.errorClass() == ErrorClass.AUTH) {
            Instant until = runtime.clock()
                    .instant()
                    .plus(error.retryAfter().orElse(runtime.settings().vendorPause()));
            String what = error.errorClass() == ErrorClass.AUTH
                    ? "%s refused the key (%s). Check %s.".formatted(vendor.name(), error.message(), vendor.keyName())
                    : "%s has no credits left (%s).".formatted(vendor.name(), error.message());
            runtime.ledger()
                    .pauses()
                    .pause(new Pause(vendor.name(), error.errorClass().word(), what, until), runtime.sandbox());
        }
    }
}
