package io.camelody.component;

import io.camelody.ledger.Step;
import io.camelody.vendor.ErrorClass;
import java.time.Duration;
import java.util.Optional;

/**
 * Hears how the work goes, as a meter does. The one bean of this type in the registry is told, each thing after it is over
 * and in the thread that did it: it must not block and must not throw.
 */
public interface WorkListener {

    WorkListener NOBODY = new WorkListener() {};

    /** What a vendor was called for. */
    enum Call {
        /** The paid call of a step. */
        SUBMIT,
        /** A status call, about one task or many. */
        POLL
    }

    /** @param failure what the call failed of; empty where the vendor gave an answer that is of use */
    default void called(String vendor, Step step, Call call, Optional<ErrorClass> failure, Duration took) {}

    /** A task is known to have ended. @param lag for how long it may have been over, at most */
    default void ended(String vendor, Duration lag) {}

    /** A sink was given a song. @param took whether it now has all that it was given */
    default void delivered(String sink, boolean took) {}
}
