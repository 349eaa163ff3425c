package io.camelody.component;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.BudgetReachedException;
import io.camelody.ledger.CallbackToken;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Claims;
import io.camelody.ledger.Claims.Claimed;
import io.camelody.ledger.Claims.Room;
import io.camelody.ledger.Claims.Together;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.PaidAnswer;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Answers;
import io.camelody.vendor.CallWatch;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.JsonBody;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorBody;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private final NextVendor nextVendor = new NextVendor(runtime);
    private final Pauses pauses = new Pauses(runtime, recorder, nextVendor);

    /** Songs whose answer this process has, or may have soon: their doubts end by themselves. */
    private final Set<String> unrecorded = ConcurrentHashMap.newKeySet();

    private final Beforehand beforehand;

    private final DoubtWatch doubts = new DoubtWatch(runtime, unrecorded::contains);

    SubmitConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.ACCEPTED);
        this.beforehand = new Beforehand(endpoint, endpoint.getBefore());
    }

    /** As of its beginning: until a node that stood still has renewed its claims, they are no dead node's to it. */
    @Override
    void begin(Instant began) {
        doubts.look(began);
    }

    @Override
    Instant work(Lane lane, Instant due) {
        VendorSettings vendor = lane.vendor();
        Instant now = runtime.clock().instant();
        if (lane.room() <= 0) {
            return Instant.MAX;
        }
        if (due.isAfter(now)) {
            return due;
        }
        Optional<Instant> pauseEnds = pauses.end(vendor);
        if (pauseEnds.isPresent()) {
            return pauseEnds.get();
        }
        Together together = new Together(vendor.name(), vendor.maxRunning(), lane.taken(), vendor.submitRate());
        Claims claims = runtime.ledger().claims();
        Room room = claims.roomToSubmit(together, runtime.scope());
        if (room.calls() <= 0) {
            return room.next();
        }
        Claimed found = claims.claimToSubmit(
                together,
                runtime.scope(),
                Math.min(lane.room(), room.calls()),
                runtime.settings().lease());
        for (ClaimedSong claimed : found.songs()) {
            dispatch(lane, List.of(claimed.claim()), () -> submit(lane, claimed));
        }
        return found.next();
    }

    @Override
    void claimsMayBeOver() {
        runtime.ledger().doubts().letAllRenew();
    }

    private void submit(Lane lane, ClaimedSong claimed) {
        String songId = claimed.song().id();
        int number =
                claimed.song().tasks().stream().mapToInt(Task::number).max().orElse(0) + 1;
        Optional<Exchange> intended = Optional.empty();
        try {
            unrecorded.add(songId);
            intended = intend(lane.vendor(), claimed, number);
        } catch (RuntimeException e) {
            LOG.error("A song was not submitted, and its claim runs out: {} (song: {})", e.getMessage(), songId);
        } finally {
            if (intended.isEmpty()) {
                over(lane, songId);
            }
        }
        long left = System.nanoTime();
        intended.ifPresent(exchange -> send(exchange, () -> {
            try {
                SubmitAnswer answer = Answers.ofSubmit(exchange, lane.vendor());
                heard(lane, claimed.song(), answer, Duration.ofNanos(System.nanoTime() - left));
                record(lane, claimed, number, answer);
            } finally {
                over(lane, songId);
            }
        }));
    }

    private void heard(Lane lane, Song song, SubmitAnswer answer, Duration took) {
        Optional<ErrorClass> failure = answer instanceof SubmitAnswer.NotTaken no
                ? Optional.of(no.error().errorClass())
                : Optional.empty();
        listener.called(lane.vendor().name(), song.step(), WorkListener.Call.SUBMIT, failure, took);
    }

    private void over(Lane lane, String songId) {
        unrecorded.remove(songId);
        done(lane, List.of(songId));
    }

    /** @return what may leave now; empty if nothing may, and then the song goes on as the ledger says */
    private Optional<Exchange> intend(VendorSettings vendor, ClaimedSong claimed, int number) {
        Song song = claimed.song();
        try {
            Exchange asked = exchange(song);
            Optional<SubmitAnswer.NotTaken> no = beforehand.ask(asked, vendor);
            if (no.isPresent()) {
                notTaken(vendor, claimed, no.get());
                return Optional.empty();
            }
            Exchange exchange = exchange(song);
            CallWatch.watch(exchange);
            exchange.getMessage().setBody(JsonBody.of(asked));
            recorder.make(new Change.Intended(claimed.claim(), number, vendor.price(), callback(vendor, exchange)));
            return Optional.of(exchange);
        } catch (BudgetReachedException e) {
            pauses.after(vendor, claimed, e);
        } catch (ClaimLostException e) {
            // also where its intent waited for so long that the claim is too short for the call: it is claimed anew
            LOG.info("{}", e.getMessage());
            List<Claim> refused = recorder.makeAll(List.of(new Change.Released(claimed.claim())));
            if (!refused.isEmpty()) {
                // or where the intent stands and nobody heard of that: no call has left under it
                recorder.makeAll(List.of(notSent(claimed, e)));
            }
        } catch (LedgerException e) {
            // no call leaves while its intent cannot be written down
            throw e;
        } catch (RuntimeException e) {
            LOG.error("A song could not be submitted; will be tried again. (song: {})", song.id(), e);
            recorder.make(notSent(claimed, e));
        }
        return Optional.empty();
    }

    /** By the route that is asked beforehand: no other vendor is asked instead, and this one is in no trouble. */
    private void notTaken(VendorSettings vendor, ClaimedSong claimed, SubmitAnswer.NotTaken no) {
        Instant now = runtime.clock().instant();
        Change change = new SubmitJudge(vendor, now, runtime.time().random()).judge(claimed, 0, no);
        SubmitLog.notTaken(claimed.song().id(), vendor.name(), no.error(), change);
        recorder.make(change);
    }

    /** Lets the vendor's file tell the vendor where to call back; a token of its own for each paid call. */
    private Optional<CallbackToken> callback(VendorSettings vendor, Exchange exchange) {
        return runtime.settings().callbacks().map(url -> {
            CallbackToken token = CallbackToken.make();
            exchange.setVariable("callbackUrl", url + vendor.name() + "/" + token.text());
            return token;
        });
    }

    private Change notSent(ClaimedSong claimed, RuntimeException why) {
        Duration wait = Backoff.SUBMIT.after(
                claimed.song().attempt() + 1, runtime.time().random());
        return new Change.AcceptedAgain(
                claimed.claim(),
                runtime.clock().instant().plus(wait),
                "It could not be submitted: " + why,
                Task.Outcome.NOT_MADE);
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
        return exchange;
    }

    private void record(Lane lane, ClaimedSong claimed, int number, SubmitAnswer answer) {
        String songId = claimed.song().id();
        VendorSettings vendor = lane.vendor();
        Instant now = runtime.clock().instant();
        Change change = nextVendor
                .after(claimed, answer)
                .orElseGet(() -> new SubmitJudge(vendor, now, runtime.time().random()).judge(claimed, number, answer));
        if (answer instanceof SubmitAnswer.NotTaken no) {
            SubmitLog.notTaken(songId, vendor.name(), no.error(), change);
        }
        try {
            PaidAnswer heard = new PaidAnswer(vendor.name(), runtime.sandbox(), SubmitJudge.heard(answer));
            PaidAnswer.Noted noted = recorder.make(change, heard);
            SubmitLog.turned(noted.turn(), vendor.name(), heard.heard());
            if (answer instanceof SubmitAnswer.NotTaken no) {
                pauses.after(vendor, no.error());
            }
            noted.demandMade();
        } catch (RuntimeException e) {
            if (answer instanceof SubmitAnswer.Taken taken) {
                SubmitLog.notRecorded(songId, taken, e);
            }
            throw e;
        }
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        beforehand.close();
    }
}
