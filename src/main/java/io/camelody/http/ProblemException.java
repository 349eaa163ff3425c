package io.camelody.http;

/** A call that cannot be answered well, for a reason that its caller is told. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient HttpProblem problem;

    ProblemException(HttpProblem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    ProblemException(int status, String reason, String detail) {
        this(HttpProblem.of(status, reason, detail));
    }

    HttpProblem problem() {
        return problem;
    }
}
