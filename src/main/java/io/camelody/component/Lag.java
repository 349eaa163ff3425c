package io.camelody.component;

import io.camelody.ledger.Song;
import io.camelody.ledger.Task;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;

/**
 * How late it is known that a task has ended. No vendor says when one did, so this is the most that it can be: the time since the
 * status call before, or since the submit where there was none. Calls that the vendor failed to answer count as calls.
 */
final class Lag {

    private Lag() {}

    static Duration atMost(Song song, VendorSettings vendor, Instant now) {
        Instant since = before(song, vendor);
        return now.isBefore(since) ? Duration.ZERO : Duration.between(since, now);
    }

    private static Instant before(Song song, VendorSettings vendor) {
        Instant submitted = song.submittedAt().orElse(song.dueAt());
        boolean first = song.stepTasks().stream().map(Task::status).noneMatch(status -> status.isPresent());
        if (first) {
            return submitted;
        }
        Instant slow = song.dueAt().minus(vendor.pollInterval().multipliedBy(2));
        return PollJudge.takesLong(song, slow) ? slow : song.dueAt().minus(vendor.pollInterval());
    }
}
