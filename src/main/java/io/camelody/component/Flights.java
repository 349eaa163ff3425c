package io.camelody.component;

import io.camelody.ledger.InFlight;
import io.camelody.ledger.Postponed;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The songs of one vendor whose tasks run and which this process asks about by itself, without a word to the ledger while there
 * is nothing new.
 *
 * <p>Until a moment, which is moved on again and again, they are not due by the ledger. What is forgotten here, or dies with
 * the process, is due there then; what a callback or a person makes due sooner is, and is left alone here when that shows.
 * Asking twice is free, so none of this has to be exact. Thread-safe.
 */
final class Flights {

    /** A wait for more songs is looked at as often. */
    private static final int LOOKS = 5;

    private final VendorSettings vendor;
    private final long interval;
    private final long lasts;
    private final Duration linger;
    private final Map<String, Flight> all = new HashMap<>();
    private final PriorityQueue<Flight> due = new PriorityQueue<>(Comparator.comparingLong(flight -> flight.dueAt));

    /** In the order in which they end, but for those that end with the song's time: these are not moved on. */
    private final Deque<Flight> ending = new ArrayDeque<>();

    Flights(VendorSettings vendor, Duration lease) {
        this.vendor = vendor;
        this.interval = vendor.pollInterval().toMillis();
        this.linger = PollConsumer.linger(vendor);
        this.lasts = Math.min(lease.toMillis(), InFlight.AT_MOST.toMillis());
    }

    /** A vendor that is asked seldom costs the ledger little, and a song of it must not wait much longer than that. */
    boolean isWorthIt() {
        return interval * 4 <= lasts;
    }

    /** When a song is due by the ledger that goes on here from now on. */
    Instant until(Flight flight, Instant now) {
        return Instant.ofEpochMilli(Math.min(now.toEpochMilli() + lasts, flight.overAt()));
    }

    /** @param until as the ledger has it */
    synchronized void add(Flight flight, Instant now, Instant until) {
        flight.askedAt = now.toEpochMilli();
        flight.dueAt = flight.next(flight.askedAt, vendor.pollInterval());
        flight.until = until.toEpochMilli();
        all.put(flight.songId(), flight);
        due.add(flight);
        endLater(flight);
    }

    private void endLater(Flight flight) {
        if (flight.until < flight.overAt()) {
            ending.addLast(flight);
        }
    }

    /** The ledger has these songs again. */
    synchronized void land(Collection<String> songIds) {
        songIds.forEach(all::remove);
    }

    /** When the first of them is or was due. */
    synchronized Instant firstDue(Instant now) {
        Flight first = first(now.toEpochMilli());
        return first == null ? Instant.MAX : Instant.ofEpochMilli(first.dueAt);
    }

    /** When to look for a call again. */
    synchronized Instant nextLook(Instant now) {
        Instant dueAt = firstDue(now);
        return dueAt.isAfter(now) ? dueAt : now.plusMillis(linger.toMillis() / LOOKS);
    }

    /** The songs of a call that may leave now: those that are due, and to fill it, those that soon will be. */
    synchronized List<Flight> forCall(Instant now) {
        long at = now.toEpochMilli();
        List<Flight> call = take(at, at, vendor.pollBatch());
        int room = vendor.pollBatch()
                - call.stream().mapToInt(each -> each.taskIds().size()).sum();
        Flight next = first(at);
        boolean isFull = room == 0 || next != null && next.dueAt <= at;
        if (call.isEmpty() || isFull) {
            return call;
        }
        if (now.isBefore(Instant.ofEpochMilli(call.get(0).dueAt).plus(linger))) {
            call.forEach(this::putBack);
            return List.of();
        }
        call.addAll(take(at, at + interval / 2, room));
        return call;
    }

    /** Songs that are due soon, to fill a call that is made anyway. */
    synchronized List<Flight> toFill(Instant now, int room) {
        return take(now.toEpochMilli(), now.toEpochMilli() + interval / 2, room);
    }

    private List<Flight> take(long now, long dueBy, int room) {
        List<Flight> taken = new ArrayList<>();
        int left = room;
        for (Flight next = first(now); next != null; next = first(now)) {
            if (next.dueAt > dueBy || next.taskIds().size() > left) {
                break;
            }
            due.poll();
            next.isUnderWay = true;
            left -= next.taskIds().size();
            taken.add(next);
        }
        return taken;
    }

    /** The next one that is still in flight, and not due by the ledger meanwhile. */
    private Flight first(long now) {
        Flight next = due.peek();
        while (next != null && (next.until <= now || all.get(next.songId()) != next)) {
            all.remove(due.poll().songId(), next);
            next = due.peek();
        }
        return next;
    }

    private void putBack(Flight flight) {
        flight.isUnderWay = false;
        if (all.get(flight.songId()) == flight) {
            due.add(flight);
        }
    }

    /** An answer about these has come, and there is nothing new. @param notBefore when the vendor may be asked again */
    synchronized void goOn(List<Flight> flights, Instant now, Instant notBefore) {
        for (Flight flight : flights) {
            flight.askedAt = now.toEpochMilli();
            flight.dueAt = Math.max(flight.next(flight.askedAt, vendor.pollInterval()), notBefore.toEpochMilli());
            putBack(flight);
        }
    }

    /** Those that will soon be due by the ledger, to be moved on there; what is due there already has landed. */
    synchronized List<Postponed> ending(Instant now) {
        long soon = now.toEpochMilli() + lasts / 2;
        List<Postponed> found = new ArrayList<>();
        List<Flight> underWay = new ArrayList<>();
        for (Flight next = ending.peek(); next != null && next.until < soon; next = ending.peek()) {
            ending.poll();
            if (all.get(next.songId()) != next) {
                continue;
            }
            if (next.until <= now.toEpochMilli()) {
                all.remove(next.songId());
            } else if (next.isUnderWay) {
                underWay.add(next);
            } else {
                found.add(postponed(next, Math.min(now.toEpochMilli() + lasts, next.overAt())));
            }
        }
        Collections.reverse(underWay);
        underWay.forEach(ending::addFirst);
        return found;
    }

    /** @param done what the ledger has moved on; the others have landed */
    synchronized void moveOn(List<Postponed> asked, Collection<Postponed> done) {
        for (Postponed each : asked) {
            Flight flight = all.get(each.songId());
            if (flight == null || flight.until != each.dueAt()) {
                continue;
            }
            if (done.contains(each)) {
                flight.until = each.later();
                endLater(flight);
            } else {
                all.remove(each.songId());
            }
        }
    }

    /** All of them, to be due by the ledger when they are here; none is left. */
    synchronized List<Postponed> handBack() {
        List<Postponed> handed = all.values().stream()
                .map(flight -> postponed(flight, Math.min(flight.dueAt, flight.until)))
                .toList();
        all.clear();
        due.clear();
        ending.clear();
        return handed;
    }

    private static Postponed postponed(Flight flight, long later) {
        return new Postponed(flight.songId(), flight.until, later, flight.askedAt);
    }
}
