package io.camelody.http;

import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/** {@code GET /metrics}: what Prometheus reads. */
public final class MetricsPage {

    private final Supplier<String> scrape;

    /** @param scrape all meters in Prometheus' text format */
    public MetricsPage(Supplier<String> scrape) {
        this.scrape = scrape;
    }

    public void install(Router router) {
        // in a worker's thread: some meters are read from the ledger
        router.get("/metrics")
                .blockingHandler(
                        call -> call.response()
                                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(scrape.get()),
                        false);
    }
}
