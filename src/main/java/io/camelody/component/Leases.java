package io.camelody.component;

import io.camelody.ledger.Claim;
import io.camelody.ledger.LedgerException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims under which work is under way. They are renewed before they run out, for as long as the work lasts, so that a long
 * download is not begun a second time elsewhere; a claim that was lost is not had again. Thread-safe.
 */
final class Leases {

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    /** A claim has this part of its lease left when it is renewed, which is looked at as often. */
    private static final int PARTS = 3;

    /** @param times a song whose work is begun once more before its end is held twice */
    private record Held(Claim claim, int times) {}

    private final SongRuntime runtime;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    Leases(SongRuntime runtime) {
        this.runtime = runtime;
    }

    /** How often to {@link #renew}. */
    Duration interval() {
        return runtime.settings().lease().dividedBy(PARTS);
    }

    void hold(List<Claim> claims) {
        for (Claim claim : claims) {
            held.merge(claim.songId(), new Held(claim, 1), (old, now) -> new Held(claim, old.times() + 1));
        }
    }

    /** The song was claimed anew while its work went on; the claim before may have been found lost by then. */
    void replace(Claim claim) {
        held.compute(claim.songId(), (id, old) -> new Held(claim, old == null ? 1 : old.times()));
    }

    void letGo(Collection<String> songIds) {
        for (String songId : songIds) {
            held.computeIfPresent(
                    songId, (id, old) -> old.times() == 1 ? null : new Held(old.claim(), old.times() - 1));
        }
    }

    /** What cannot be renewed now is when this comes again. */
    void renew() {
        try {
            renewNow();
        } catch (LedgerException e) {
            LOG.debug("Claims were not renewed; will be tried again: {} (songs: {})", e.getMessage(), held.size());
        }
    }

    /** @throws LedgerException if that has to be tried again */
    void renewNow() {
        Duration lease = runtime.settings().lease();
        long enough = runtime.clock().instant().plus(lease.minus(interval())).toEpochMilli();
        List<Claim> ending = held.values().stream()
                .map(Held::claim)
                .filter(claim -> claim.until() < enough)
                .toList();
        if (!ending.isEmpty()) {
            Map<String, Claim> renewed = runtime.ledger().claims().renew(ending, lease).stream()
                    .collect(Collectors.toMap(Claim::songId, Function.identity()));
            ending.forEach(claim -> note(claim, renewed.get(claim.songId())));
        }
    }

    /** @param renewed null if the claim was lost */
    private void note(Claim old, Claim renewed) {
        held.computeIfPresent(old.songId(), (id, now) -> {
            if (!now.claim().by().equals(old.by())) {
                return now;
            }
            return renewed == null ? null : new Held(renewed, now.times());
        });
    }
}
