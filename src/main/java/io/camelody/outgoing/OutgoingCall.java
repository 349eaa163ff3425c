package io.camelody.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * One call under way: its answer's head, then its body piece by piece, for the one thread that asks.
 *
 * <p>A thread of its own makes the call, whatever it waits for: a name server, a connection, a byte. So who asks can be
 * interrupted, and waits no longer than it likes. Memory holds six pieces, however long the body is and however slowly
 * it is asked for. Closing gives up the rest and the connection with it.
 */
public final class OutgoingCall implements AutoCloseable {

    /** Status and headers of an answer. */
    public record Head(int status, HttpHeaders headers) {}

    /** What the peer did: sent its head, sent bytes, or failed; none of them: ended well. */
    private record Signal(Head head, ByteBuffer bytes, IOException failure) {}

    /** Sends a request and waits for the head of its answer. */
    interface Opening {
        ClassicHttpResponse open(HttpUriRequestBase request) throws IOException;
    }

    private static final int PIECE = 1 << 15;

    /** So that a short body has come before who asks is awake, and neither waits for the other at each piece. */
    private static final int AHEAD = 4;

    /** As many threads as there are calls. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "camelody-outgoing");
        thread.setDaemon(true);
        return thread;
    });

    private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(AHEAD);
    private final HttpUriRequestBase request;
    private Future<?> making;

    private OutgoingCall(HttpUriRequestBase request) {
        this.request = request;
    }

    static OutgoingCall start(HttpUriRequestBase request, Opening opening) {
        OutgoingCall call = new OutgoingCall(request);
        call.making = THREADS.submit(() -> call.make(opening));
        return call;
    }

    private void make(Opening opening) {
        try {
            try (ClassicHttpResponse response = opening.open(request)) {
                signals.put(new Signal(new Head(response.getCode(), headers(response)), null, null));
                if (response.getEntity() != null) {
                    hand(response.getEntity().getContent());
                }
                signals.put(new Signal(null, null, null));
            } catch (IOException e) {
                signals.put(new Signal(null, null, e));
            } catch (RuntimeException e) {
                signals.put(new Signal(null, null, new IOException("The call failed: " + e, e)));
            }
        } catch (InterruptedException e) {
            // given up: nobody listens any more
        }
    }

    private void hand(InputStream body) throws IOException, InterruptedException {
        byte[] bytes = new byte[PIECE];
        for (int count = body.read(bytes); count >= 0; count = body.read(bytes)) {
            signals.put(new Signal(null, ByteBuffer.wrap(bytes, 0, count), null));
            bytes = new byte[PIECE];
        }
    }

    /**
     * Waits for the head of the answer, which is asked for once and first.
     *
     * @throws AddressRefusedException if no address of the host may be called
     * @throws IOException if no answer comes
     */
    public Head head(long nanos) throws IOException, TimeoutException, InterruptedException {
        return await(nanos).head;
    }

    /**
     * Waits for the next piece of the body, as it comes.
     *
     * @return the piece, or null after the last one
     * @throws IOException if the connection ended before the body did
     */
    public ByteBuffer next(long nanos) throws IOException, TimeoutException, InterruptedException {
        return await(nanos).bytes;
    }

    private Signal await(long nanos) throws IOException, TimeoutException, InterruptedException {
        Signal signal = signals.poll(nanos, TimeUnit.NANOSECONDS);
        if (signal == null) {
            throw new TimeoutException();
        }
        if (signal.failure != null) {
            throw signal.failure;
        }
        return signal;
    }

    private static HttpHeaders headers(ClassicHttpResponse response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    @Override
    public void close() {
        // first the connection: whoever closes a body reads it to its end
        request.cancel();
        making.cancel(true);
    }
}
