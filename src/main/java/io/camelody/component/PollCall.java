package io.camelody.component;

import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The songs of one status call, of the ledger and in flight, and the ids of their tasks. */
record PollCall(Step step, List<ClaimedSong> claimed, List<Flight> flights, List<String> taskIds) {

    private PollCall(Step step) {
        this(step, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** Songs without an open task are the songs of the first call, which has no id. */
    static List<PollCall> about(List<ClaimedSong> claimed, int batch) {
        List<PollCall> calls = new ArrayList<>();
        calls.add(new PollCall(Step.SONG));
        for (Step step : Step.values()) {
            PollCall call = new PollCall(step);
            for (ClaimedSong each : claimed) {
                if (each.song().step() != step) {
                    continue;
                }
                List<String> ids = PollJudge.open(each.song(), batch);
                if (ids.isEmpty()) {
                    calls.get(0).claimed().add(each);
                    continue;
                }
                if (call.taskIds().size() + ids.size() > batch) {
                    calls.add(call);
                    call = new PollCall(step);
                }
                call.claimed().add(each);
                call.taskIds().addAll(ids);
            }
            if (!call.claimed().isEmpty()) {
                calls.add(call);
            }
        }
        return calls;
    }

    static PollCall aboutFlights(List<Flight> flights) {
        PollCall call = new PollCall(Step.SONG);
        call.fill(flights);
        return call;
    }

    void fill(List<Flight> more) {
        flights.addAll(more);
        more.forEach(flight -> taskIds.addAll(flight.taskIds()));
    }

    int songs() {
        return claimed.size() + flights.size();
    }

    List<Claim> claims() {
        return claimed.stream().map(ClaimedSong::claim).toList();
    }

    List<String> claimedIds() {
        return claimed.stream().map(each -> each.song().id()).toList();
    }

    /** A call for each of its songs. */
    List<PollCall> oneByOne(int batch) {
        return Stream.concat(
                        claimed.stream()
                                .map(each -> new PollCall(
                                        step, List.of(each), List.of(), PollJudge.open(each.song(), batch))),
                        flights.stream().map(each -> aboutFlights(List.of(each))))
                .toList();
    }
}
