package io.camelody.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * The steps that an exchange went through, and what each changed, so that a finding can name the line of the step that made
 * what is wrong. Of one exchange, which one thread sends.
 */
final class Trace {

    private static final String PROPERTY = "CamelodyTrace";

    /** One step that was entered, in the order in which they were. */
    static final class Step {

        private final NamedNode node;
        private boolean changesBody;
        private boolean fails;
        private List<String> headers = List.of();

        private Step(NamedNode node) {
            this.node = node;
        }

        int line() {
            return node.getLineNumber();
        }

        /** Where its file is, as Camel writes it. */
        String file() {
            return String.valueOf(node.getLocation());
        }

        boolean changesBody() {
            return changesBody;
        }

        boolean fails() {
            return fails;
        }

        boolean sets(String header) {
            return headers.stream().anyMatch(header::equalsIgnoreCase);
        }

        /** Whether it has steps of its own. */
        boolean hasSteps() {
            return node instanceof ProcessorDefinition<?> step
                    && !step.getOutputs().isEmpty();
        }

        boolean isChoice() {
            return node.getShortName().equals("choice");
        }

        /** Whether it hands over what brought no result. */
        boolean findsNothing() {
            return node.getLabel().contains("direct:camelody-vendor-no-result");
        }

        /** Whether it calls over HTTP with a client that is not told how. */
        boolean callsAnyhow() {
            return calls()
                    && node.getLabel().matches("[^\\[]*\\[(https?:|\\{\\{|\\$\\{).*")
                    && !node.getLabel().contains("httpClientConfigurer=");
        }

        /** Whether it sends the exchange out of Camel. */
        boolean calls() {
            boolean sends =
                    node.getShortName().equals("to") || node.getShortName().equals("toD");
            return sends && !node.getLabel().contains("[direct:");
        }
    }

    private final List<Step> steps = new ArrayList<>();

    /** Has every exchange of the context that is traced write down its steps. To be called before routes are there. */
    static void install(CamelContext context) {
        InterceptStrategy traced = (of, node, target, next) -> new Traced(node, target);
        context.getCamelContextExtension().addInterceptStrategy(traced);
    }

    void begin(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** The last step that was entered of those that are so. */
    Optional<Step> last(Predicate<Step> is) {
        return steps.stream().filter(is).reduce((earlier, later) -> later);
    }

    /** The last of them that was entered before another one. */
    Optional<Step> lastBefore(Step end, Predicate<Step> is) {
        return steps.subList(0, steps.indexOf(end)).stream().filter(is).reduce((earlier, later) -> later);
    }

    private static final class Traced extends DelegateAsyncProcessor {

        private final NamedNode node;

        private Traced(NamedNode node, Processor target) {
            super(target);
            this.node = node;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Trace trace = exchange.getProperty(PROPERTY, Trace.class);
            if (trace == null) {
                return super.process(exchange, callback);
            }
            Step step = new Step(node);
            trace.steps.add(step);
            Object body = exchange.getMessage().getBody();
            Map<String, Object> headers = new HashMap<>(exchange.getMessage().getHeaders());
            return super.process(exchange, done -> {
                step.changesBody = exchange.getMessage().getBody() != body;
                step.fails = exchange.getException() != null;
                step.headers = exchange.getMessage().getHeaders().entrySet().stream()
                        .filter(header -> !Objects.equals(headers.get(header.getKey()), header.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
                callback.done(done);
            });
        }
    }
}
