package io.camelody.sandbox;

/**
 * Is told how far each call of a vendor or a file has come, for tests that do something at an exact point of it.
 *
 * <p>It is told in the thread that answers the call: the call goes on when the watcher returns, and what the watcher throws
 * closes the connection there and then. Must be thread-safe.
 */
@FunctionalInterface
public interface Watcher {

    /** How far a call has come. */
    enum Moment {
        /** It has been read; no task is made yet, and a fault that is added now may strike it. */
        READ,
        /** A submit has made its task; nothing has been answered. */
        READY,
        /** The answer has left, whole. */
        SENT
    }

    void reached(Moment moment, Fault.Call kind, HeardCall call);
}
