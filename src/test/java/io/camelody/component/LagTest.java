package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LagTest {

    @Test
    void theFirstAnswerMayBeAsLateAsTheSubmitIsAgo() {
        Song song = GivenSong.with(GivenSong.task(1, "t1")).claimed().song();

        assertThat(Lag.atMost(song, GivenSong.SUBMITTED.plusSeconds(12))).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void aLaterOneMayBeAsLateAsTheAnswerBeforeItIsAgo() {
        Song song = askedBefore();

        assertThat(Lag.atMost(song, GivenSong.ASKED.plusSeconds(7))).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aClockThatWasSetBackMakesNoneBelowZero() {
        assertThat(Lag.atMost(askedBefore(), GivenSong.SUBMITTED.minusSeconds(60)))
                .isZero();
    }

    private static Song askedBefore() {
        return GivenSong.with(GivenSong.task(1, "t1", Step.SONG, Optional.of("running"), GivenSong.clips(), 0, false))
                .claimed()
                .song();
    }
}
