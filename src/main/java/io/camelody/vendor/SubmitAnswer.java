package io.camelody.vendor;

import java.util.List;
import java.util.Optional;

/** What became of a paid call. */
public sealed interface SubmitAnswer {

    /** The vendor has taken it and named its tasks, at least one. */
    record Taken(List<String> taskIds) implements SubmitAnswer {}

    /** The vendor answered with the result at once. */
    record Ended(TaskAnswer task) implements SubmitAnswer {}

    /** There is no task, or nobody can know: the error's class says which. */
    record NotTaken(VendorError error, Optional<String> rawAnswer) implements SubmitAnswer {}
}
