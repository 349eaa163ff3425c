package io.camelody.testkit;

import io.camelody.sandbox.Fault.Call;
import io.camelody.sandbox.HeardCall;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.Watcher.Moment;
import java.util.concurrent.CompletableFuture;

/** The next call of a kind that the sandbox hears, held at a moment of it until it may go on, or is cut off. */
public final class HeldCall implements AutoCloseable {

    private final Sandbox sandbox;
    private final CompletableFuture<HeardCall> reached = new CompletableFuture<>();
    private final CompletableFuture<Boolean> goesOn = new CompletableFuture<>();

    /** Takes the place of whoever watches the sandbox. @param moment whose answer has left by {@code SENT}: that is not held */
    public HeldCall(Sandbox sandbox, Call kind, Moment moment) {
        this.sandbox = sandbox;
        sandbox.watch((at, what, call) -> {
            if (at == moment && what == kind && reached.complete(call) && at != Moment.SENT && !goesOn.join()) {
                throw new IllegalStateException("The process that called is gone.");
            }
        });
    }

    public boolean isThere() {
        return reached.isDone();
    }

    /** Waits for it. */
    public HeardCall call() {
        return reached.join();
    }

    /** Closes its connection. */
    public void cutOff() {
        goesOn.complete(false);
    }

    /** Lets it go on, and every other call by. */
    @Override
    public void close() {
        goesOn.complete(true);
        sandbox.watch((at, what, call) -> {});
    }
}
