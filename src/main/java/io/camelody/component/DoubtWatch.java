package io.camelody.component;

import io.camelody.ledger.NotPossibleException;
import io.camelody.pace.Closing;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds paid calls that were never heard of again, in this process or before it, and does what the settings say about them. */
final class DoubtWatch {

    private static final Logger LOG = LoggerFactory.getLogger(DoubtWatch.class);

    private final SongRuntime runtime;
    private final Predicate<String> isUnrecorded;
    private Closing looked = Closing.NONE;

    /** @param isUnrecorded whether this process has the answer of a song's call, or may have it soon: that doubt ends by itself */
    DoubtWatch(SongRuntime runtime, Predicate<String> isUnrecorded) {
        this.runtime = runtime;
        this.isUnrecorded = isUnrecorded;
    }

    /** Once a second at most, however often it is called. */
    void look(Instant now) {
        looked = looked.asOf(now);
        if (!looked.isOver(now)) {
            return;
        }
        looked = looked.lasting(now, Duration.ofSeconds(1));
        runtime.ledger()
                .doubts()
                .noteAbandoned(now)
                .forEach(song -> LOG.warn(
                        "A paid call was not heard of again; the song is in doubt: see camelody resolve. (song: {})",
                        song));
        for (VendorSettings vendor : runtime.vendors().all()) {
            if (vendor.resubmitOnDoubt()) {
                runtime.ledger().doubts().resubmittable(vendor.name(), runtime.scope()).stream()
                        .filter(song -> !isUnrecorded.test(song))
                        .forEach(this::resubmit);
            }
        }
    }

    private void resubmit(String song) {
        try {
            runtime.ledger().steering().resolveByResubmit(song);
        } catch (NotPossibleException e) {
            LOG.debug("The doubt was ended otherwise: {}", e.getMessage());
        }
    }
}
