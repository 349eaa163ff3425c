package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.outgoing.AddressRefusedException;
import io.camelody.outgoing.OutgoingCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;

/** What a host answers to one call, waited for as long as patience lasts. For one thread. */
record Body(OutgoingCall call, AudioUrl url, Patience patience) implements AutoCloseable {

    private interface Wait<T> {
        T within(long nanos) throws IOException, TimeoutException, InterruptedException;
    }

    /** Waits for the head of the answer.
     *
     * @throws BrokenDownloadException of kind not-allowed, unreachable, stalled or interrupted
     */
    Answer answer() {
        try {
            OutgoingCall.Head head = await(call::head, "The host did not answer in time.");
            return new Answer(url, head.status(), head.headers());
        } catch (AddressRefusedException e) {
            throw new BrokenDownloadException(Kind.NOT_ALLOWED, e.getMessage(), "url: " + url, e);
        } catch (IOException e) {
            throw new BrokenDownloadException(
                    Kind.UNREACHABLE, "The host gave no answer: " + e + ".", "url: " + url, e);
        }
    }

    /**
     * Waits for the next piece.
     *
     * @return the piece, or null after the last one
     * @throws BrokenDownloadException of kind cut, stalled or interrupted
     */
    ByteBuffer next() {
        try {
            ByteBuffer piece = await(call::next, "The host stopped sending, or sent too slowly.");
            if (piece != null) {
                patience.received(piece.remaining());
            }
            return piece;
        } catch (IOException e) {
            throw new BrokenDownloadException(Kind.CUT, "The connection ended before the body did.", "url: " + url, e);
        }
    }

    private <T> T await(Wait<T> wait, String late) throws IOException {
        long start = System.nanoTime();
        try {
            T came = wait.within(patience.left());
            patience.waited(System.nanoTime() - start);
            return came;
        } catch (TimeoutException e) {
            throw new BrokenDownloadException(Kind.STALLED, late, "url: " + url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenDownloadException(Kind.INTERRUPTED, "The fetch was interrupted.", "url: " + url, e);
        }
    }

    @Override
    public void close() {
        call.close();
    }
}
