package io.camelody.contract;

import io.camelody.contract.Trace.Step;
import io.camelody.settings.AccountFile;
import io.camelody.settings.RouteFiles;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where in a vendor's own file the steps of one play stand that are to blame for something, such as
 * {@code routes/vendors/acme.camel.yaml:57}; what they share with other vendors' files is not.
 */
final class Places {

    private final String name;
    private final String file;
    private final Trace trace;

    /** @param files where Camel found them, by their names under {@code routes/} */
    Places(String vendor, Map<String, String> files, Trace trace) {
        String place = files.get("vendors/" + vendor + ".camel.yaml");
        this.name = "vendors/%s.camel.yaml"
                .formatted(AccountFile.at(place).map(AccountFile::vendor).orElse(vendor));
        this.file = RouteFiles.fileAt(place);
        this.trace = trace;
    }

    /** The step that made what the route left, or that failed to. */
    String ofResult() {
        return place(trace.last(own(Step::fails))
                .filter(failed -> isLast(failed))
                .or(() -> trace.last(own(Step::changesBody))));
    }

    /** The step that should have found a result in an answer, where none was found; or else that which made what was left. */
    String ofMapping() {
        return trace.last(own(Step::findsNothing))
                .flatMap(nothing -> trace.lastBefore(nothing, own(step -> true))
                        .filter(Step::isChoice)
                        .or(() -> trace.lastBefore(nothing, own(step -> step.changesBody() && !step.hasSteps()))))
                .map(step -> place(Optional.of(step)))
                .orElseGet(this::ofResult);
    }

    /** The step that called the vendor last. */
    String ofCall() {
        return place(trace.last(own(Step::calls)));
    }

    /** The step that called over HTTP with a client that may repeat a call, if one did. */
    Optional<String> ofCallAnyhow() {
        return trace.last(own(Step::callsAnyhow)).map(step -> place(Optional.of(step)));
    }

    /** The step that set a header of the call, or else the call. */
    String ofHeader(String header) {
        return before(step -> step.sets(header));
    }

    /** The step that made the body of the call, or else the call. */
    String ofSentBody() {
        return before(Step::changesBody);
    }

    private String before(Predicate<Step> is) {
        Optional<Step> call = trace.last(own(Step::calls));
        return place(call.flatMap(found -> trace.lastBefore(found, own(is))).or(() -> call));
    }

    /** Whether no other step of the file came after a failure, as those of its errors route do. */
    private boolean isLast(Step failed) {
        return trace.last(own(step -> true)).filter(last -> last == failed).isPresent();
    }

    private Predicate<Step> own(Predicate<Step> is) {
        return is.and(step -> step.file().equals(file));
    }

    private String place(Optional<Step> step) {
        return "routes/" + name
                + step.or(() -> trace.last(own(any -> true)))
                        .map(found -> ":" + found.line())
                        .orElse("");
    }
}
