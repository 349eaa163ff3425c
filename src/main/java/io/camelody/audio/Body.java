package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, handed over piece by piece to the one thread that asks.
 *
 * <p>The next piece is asked for when the last one has been taken, so memory holds one piece however long the body is.
 * The JDK's own stream of a body is not used: on Java 17 it swallows an interrupt and cannot be read with a limit of time.
 * Closing gives up the rest and the connection with it.
 */
final class Body implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    /** What the peer did: sent bytes, or, without bytes, ended the body well or badly. */
    private record Signal(List<ByteBuffer> bytes, Throwable failure) {}

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AudioUrl url;
    private final Patience patience;
    private Flow.Subscription subscription;
    private boolean closed;

    Body(AudioUrl url, Patience patience) {
        this.url = url;
        this.patience = patience;
    }

    /**
     * Waits for the next piece.
     *
     * @return the piece, or null after the last one
     * @throws BrokenDownloadException of kind cut, stalled or interrupted
     */
    List<ByteBuffer> next() {
        Signal signal = await();
        if (signal.failure != null) {
            throw new BrokenDownloadException(
                    Kind.CUT, "The connection ended before the body did.", "url: " + url, signal.failure);
        }
        if (signal.bytes != null) {
            patience.received(
                    signal.bytes.stream().mapToLong(ByteBuffer::remaining).sum());
            requestNext();
        }
        return signal.bytes;
    }

    private Signal await() {
        try {
            long start = System.nanoTime();
            Signal signal = signals.poll(patience.left(), TimeUnit.NANOSECONDS);
            patience.waited(System.nanoTime() - start);
            if (signal == null) {
                throw new BrokenDownloadException(
                        Kind.STALLED, "The host stopped sending, or sent too slowly.", "url: " + url);
            }
            return signal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenDownloadException(Kind.INTERRUPTED, "The fetch was interrupted.", "url: " + url, e);
        }
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription s) {
        subscription = s;
        if (closed) {
            s.cancel();
        } else {
            s.request(1);
        }
    }

    private synchronized void requestNext() {
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        signals.add(new Signal(bytes, null));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal(null, failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal(null, null));
    }

    @Override
    public synchronized void close() {
        closed = true;
        // the client may hand the body over before the bytes are on their way
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
