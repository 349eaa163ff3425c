package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import io.camelody.settings.VendorSettings;
import io.camelody.testkit.TestVendors;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LagTest {

    private static final VendorSettings FOXAI = TestVendors.vendor("foxai", "poll-interval=5s");

    @Test
    void theFirstAnswerMayBeAsLateAsTheSubmitIsAgo() {
        Song song = GivenSong.with(GivenSong.task(1, "t1")).claimed().song();

        assertThat(Lag.atMost(song, FOXAI, GivenSong.SUBMITTED.plusSeconds(12))).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void aLaterOneMayBeAsLateAsTheAnswerBeforeItIsAgo() {
        Song song = askedBefore();
        Instant asked = song.dueAt().minusSeconds(5);

        assertThat(Lag.atMost(song, FOXAI, asked.plusSeconds(7))).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aClockThatWasSetBackMakesNoneBelowZero() {
        assertThat(Lag.atMost(askedBefore(), FOXAI, GivenSong.SUBMITTED.minusSeconds(60)))
                .isZero();
    }

    private static Song askedBefore() {
        return GivenSong.with(GivenSong.task(1, "t1", Step.SONG, Optional.of("running"), GivenSong.clips(), 0, false))
                .claimed()
                .song();
    }
}
