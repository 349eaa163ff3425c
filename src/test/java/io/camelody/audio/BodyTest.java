package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BodyTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final Body body = new Body(AudioUrl.of("https://cdn.example/song.mp3"), new Patience(LONG, LONG));
    private final Peer peer = new Peer();

    @Test
    void nextPieceIsAskedForOnlyWhenTheLastOneWasTaken() {
        body.onSubscribe(peer);
        assertThat(peer.asked).isEqualTo(1);

        body.onNext(List.of(ByteBuffer.wrap(new byte[10])));
        assertThat(peer.asked).isEqualTo(1);

        body.next();
        assertThat(peer.asked).isEqualTo(2);
    }

    @Test
    void closingGivesUpTheRest() {
        body.onSubscribe(peer);

        body.close();

        assertThat(peer.givenUp).isTrue();
    }

    @Test
    void bodyThatComesAfterClosingIsGivenUpToo() {
        body.close();

        body.onSubscribe(peer);

        assertThat(peer.givenUp).isTrue();
        assertThat(peer.asked).isZero();
    }

    /** The sending side, as the client sees it. */
    private static final class Peer implements Flow.Subscription {

        private long asked;
        private boolean givenUp;

        @Override
        public void request(long pieces) {
            asked += pieces;
        }

        @Override
        public void cancel() {
            givenUp = true;
        }
    }
}
