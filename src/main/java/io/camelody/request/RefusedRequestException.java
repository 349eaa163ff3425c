package io.camelody.request;

import java.util.List;
import java.util.stream.Collectors;

/** A request that was not accepted, with everything that is wrong with it; its message joins theirs. */
public final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** @param problems at least one */
    public RefusedRequestException(List<Problem> problems) {
        super(messages(problems));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    static String messages(List<Problem> problems) {
        return problems.stream().map(Problem::message).collect(Collectors.joining(" "));
    }
}
