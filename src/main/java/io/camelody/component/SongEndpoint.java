package io.camelody.component;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Have AI music vendors make songs: durably, without paying twice, from request to delivery. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "song",
        title = "Song",
        syntax = "song:operation",
        category = {Category.AI, Category.WORKFLOW})
public final class SongEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    @UriPath(
            description =
                    "As producer: request accepts a request, or a list of them, as JSON or a map, writes it down and answers a receipt; "
                            + "the variables requestIds, requestSources and requestBatch say what is known beyond the requests. "
                            + "generate accepts one request and goes on when its song has ended, with its document as body; no thread waits. "
                            + "As consumer: accepted gives the request of each song whose next step is due (variables songId, vendor, step, callbackUrl); "
                            + "submitted the ids of tasks that are due to be asked about (vendor, step, taskIds); "
                            + "generated the document of each song to deliver (songId, vendor, song, sinks, sinkAttempts, receiver, refresh, taskIds, taskIdList, lastTry); "
                            + "finished the document of each song that has ended, at least once (songId, vendor, state).",
            enums = "request,generate,accepted,submitted,generated,finished")
    @Metadata(required = true)
    private final SongOperation operation;

    @UriParam(
            label = "consumer",
            defaultValue = "8",
            description =
                    "For accepted, submitted and generated: how many exchanges of one vendor may be under way at once. Vendors never wait for one another.")
    private int concurrency = 8;

    @UriParam(
            label = "consumer",
            description =
                    "For accepted: the endpoint, such as direct:camelody-moderation, that each request goes to before its call is made and paid. What is left there is what the vendor hears; {error: {class, message}} of the class content fails the song; any other error, a failure and no answer let it wait.")
    private String before;

    @UriParam(
            label = "producer",
            description =
                    "For request and generate: the vendor for requests that name none, such as foxai. Without it the setting camelody.default-vendor holds, then the only vendor with a key.")
    private String vendor;

    SongEndpoint(String uri, SongComponent component, SongOperation operation) {
        super(uri, component);
        this.operation = operation;
    }

    @Override
    public Producer createProducer() {
        return switch (operation) {
            case REQUEST, GENERATE -> new SongProducer(this);
            default ->
                throw new IllegalArgumentException(
                        "song:%s is where exchanges come from; a route begins with it. To hand in a request use song:request."
                                .formatted(operation.word()));
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer =
                switch (operation) {
                    case ACCEPTED -> new SubmitConsumer(this, processor);
                    case SUBMITTED -> new PollConsumer(this, processor);
                    case GENERATED -> new DeliverConsumer(this, processor);
                    case FINISHED -> new FinishedConsumer(this, processor);
                    default ->
                        throw new IllegalArgumentException(
                                "song:%s is where requests go; no route begins with it. To hear of songs that have ended use song:finished."
                                        .formatted(operation.word()));
                };
        configureConsumer(consumer);
        return consumer;
    }

    /** Everybody may hear of songs that have ended; the work on songs is one route's. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return operation == SongOperation.FINISHED;
    }

    @Override
    public SongComponent getComponent() {
        return (SongComponent) super.getComponent();
    }

    SongRuntime runtime() {
        return getComponent().demandRuntime();
    }

    public SongOperation getOperation() {
        return operation;
    }

    public int getConcurrency() {
        return concurrency;
    }

    /** @throws IllegalArgumentException if it is below 1, which would leave songs waiting for ever */
    public void setConcurrency(int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("Expected concurrency to be at least 1, got: " + concurrency);
        }
        this.concurrency = concurrency;
    }

    public String getBefore() {
        return before;
    }

    public void setBefore(String before) {
        this.before = before;
    }

    public String getVendor() {
        return vendor;
    }

    public void setVendor(String vendor) {
        this.vendor = vendor;
    }
}
