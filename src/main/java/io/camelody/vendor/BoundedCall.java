package io.camelody.vendor;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;

/**
 * Bounds a call as a whole: from its start to the last byte of the answer, whatever its status, and in bytes. HttpClient's
 * own timeouts begin anew with each byte, and it reads as much as is sent. At a bound the connection is closed; where this
 * process stood still beyond it, what has come is read first. A call that
 * fails before its request is written fails with a {@link NotSentException}, and with an {@link UnfinishedAnswerException}
 * ever after, whatever the connection says. Thread-safe.
 */
final class BoundedCall implements ExecChainHandler {

    private static final String SENT = "camelody-sent ";

    /** A deadline that comes so late did not come by itself: this process stood still. */
    private static final Duration STOOD_STILL = Duration.ofSeconds(1);

    /** To read an answer that has come meanwhile, which may be what was paid for. */
    private static final Duration TO_READ = Duration.ofSeconds(5);

    /** A thread of its own: the pool that all of the process shares may be full of what waits for these calls. */
    private static final ScheduledExecutorService DEADLINES = deadlines();

    private final ScheduledExecutorService deadlines;
    private final Duration longest;
    private final long most;

    /** @param most bytes of an answer, unpacked */
    BoundedCall(Duration longest, long most) {
        this(DEADLINES, longest, most);
    }

    BoundedCall(ScheduledExecutorService deadlines, Duration longest, long most) {
        this.deadlines = deadlines;
        this.longest = longest;
        this.most = most;
    }

    private static ScheduledExecutorService deadlines() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "camelody-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Stands behind the connecting and before the writing. */
    static ClassicHttpResponse markSent(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        scope.clientContext.setAttribute(SENT + scope.exchangeId, true);
        return chain.proceed(request, scope);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Call call = new Call((Cancellable) scope.originalRequest);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                call.end();
                return response;
            }
            response.setEntity(new InputStreamEntity(
                    new BoundedStream(entity.getContent(), call),
                    entity.getContentLength(),
                    ContentType.parseLenient(entity.getContentType()),
                    entity.getContentEncoding()));
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            call.end();
            if (scope.clientContext.getAttribute(SENT + scope.exchangeId) == null) {
                throw new NotSentException(e);
            }
            throw call.isLate() ? call.late(e) : new UnfinishedAnswerException(e);
        }
    }

    /** A call that has not ended, and the clock that ends it. */
    private final class Call {

        private final Cancellable request;
        private final long end = System.nanoTime() + longest.toNanos();
        private Future<?> deadline;
        private volatile boolean late;

        Call(Cancellable request) {
            this.request = request;
            // the deadline waits until it is noted here, which a process that stands still may put off beyond it
            synchronized (this) {
                this.deadline = deadlines.schedule(this::reach, longest.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private synchronized void reach() {
            if (System.nanoTime() - end < STOOD_STILL.toNanos()) {
                cut();
            } else if (!deadline.isCancelled()) {
                deadline = deadlines.schedule(this::cut, TO_READ.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void cut() {
            late = true;
            request.cancel();
        }

        synchronized void end() {
            deadline.cancel(false);
        }

        boolean isLate() {
            return late;
        }

        UnfinishedAnswerException late(Throwable cause) {
            return new UnfinishedAnswerException(
                    "The vendor did not finish its answer within %d s.".formatted(longest.toSeconds()), cause);
        }

        UnfinishedAnswerException tooLarge() {
            // closing the stream would read the rest, unless the connection is gone by then
            request.cancel();
            return new UnfinishedAnswerException("The vendor answered more than %d MB.".formatted(most >> 20));
        }
    }

    private final class BoundedStream extends FilterInputStream {

        private final Call call;
        private long left = most;

        BoundedStream(InputStream in, Call call) {
            super(in);
            this.call = call;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count;
            try {
                count = in.read(bytes, from, length);
            } catch (IOException e) {
                throw call.isLate() ? call.late(e) : new UnfinishedAnswerException(e);
            }
            if (count < 0) {
                call.end();
                return count;
            }
            left -= count;
            if (left < 0) {
                throw call.tooLarge();
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                call.end();
            }
        }
    }
}
