package io.camelody.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * One call under way: its answer's head, then its body piece by piece, for the one thread that asks.
 *
 * <p>The thread that asks makes the call, since to hand each piece over costs more than to read it. It can be interrupted and
 * waits no longer than it likes all the same: while it does, a {@link Watch} ends what it waits for. Nothing is read that was not
 * asked for. Closing gives up the rest and the connection with it.
 */
public final class OutgoingCall implements AutoCloseable {

    /** Status and headers of an answer. */
    public record Head(int status, HttpHeaders headers) {}

    /** Sends a request and waits for the head of its answer. */
    interface Opening {
        ClassicHttpResponse open(HttpUriRequestBase request) throws IOException;
    }

    private interface Wait<T> {
        T forPeer() throws IOException;
    }

    private static final int PIECE = 1 << 15;

    private final HttpUriRequestBase request;
    private final Opening opening;
    private final Watch watch;
    private ClassicHttpResponse response;
    private InputStream body;
    private byte[] piece;
    private boolean ended;

    OutgoingCall(HttpUriRequestBase request, Opening opening, Watch watch) {
        this.request = request;
        this.opening = opening;
        this.watch = watch;
    }

    /**
     * Makes the call and waits for the head of its answer, which is asked for once and first.
     *
     * @throws AddressRefusedException if no address of the host may be called
     * @throws IOException if no answer comes
     */
    public Head head(long nanos) throws IOException, TimeoutException, InterruptedException {
        return await(nanos, () -> {
            response = opening.open(request);
            if (response.getEntity() != null) {
                body = response.getEntity().getContent();
                piece = new byte[PIECE];
            }
            return new Head(response.getCode(), headers(response));
        });
    }

    /**
     * Waits for the next piece of the body, as it comes.
     *
     * @return the piece, which stays until the next one is asked for, or null after the last one
     * @throws IOException if the connection ended before the body did
     */
    public ByteBuffer next(long nanos) throws IOException, TimeoutException, InterruptedException {
        int count = body == null ? -1 : await(nanos, () -> body.read(piece));
        ended = count < 0;
        return ended ? null : ByteBuffer.wrap(piece, 0, count);
    }

    private <T> T await(long nanos, Wait<T> wait) throws IOException, TimeoutException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Watch.Guard guard = watch.over(request, nanos);
        T came = null;
        IOException failure = null;
        try {
            came = wait.forPeer();
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new IOException("The call failed: " + e, e);
        }
        // what was ended may have failed, or come at that very moment
        guard.over();
        if (failure == null) {
            return came;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        throw failure;
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
        if (!ended) {
            // first the connection: whoever closes a body reads it to its end
            request.cancel();
        }
        if (response != null) {
            try {
                response.close();
            } catch (IOException e) {
                // it is given up
            }
        }
    }
}
