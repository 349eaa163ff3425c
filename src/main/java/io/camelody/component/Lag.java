package io.camelody.component;

import io.camelody.ledger.Song;
import java.time.Duration;
import java.time.Instant;

/**
 * How late it is known that a task has ended. No vendor says when one did, so this is the most that it can be: the time since the
 * status call before, or since the submit where there was none. Calls that the vendor failed to answer count as calls.
 */
final class Lag {

    private Lag() {}

    static Duration atMost(Song song, Instant now) {
        return since(song.polledAt().or(song::submittedAt).orElse(song.dueAt()), now);
    }

    static Duration since(Instant before, Instant now) {
        return now.isBefore(before) ? Duration.ZERO : Duration.between(before, now);
    }
}
