package io.camelody.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.component.Kept;
import io.camelody.component.SongRuntime;
import io.camelody.ledger.Costs.Cost;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import io.camelody.settings.VendorSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * How the vendors stand, over HTTP. All songs are counted for it, and every page that is open asks every other second: the answer
 * is kept for some seconds. Thread-safe.
 */
public final class VendorList {

    /** The songs and costs of all vendors at one look. */
    private record Books(
            Map<String, Map<SongState, Integer>> songs, Map<String, Cost> today, Map<String, Cost> total) {}

    private final SongRuntime runtime;
    private final Kept<ArrayNode> kept;

    public VendorList(SongRuntime runtime) {
        this.runtime = runtime;
        this.kept = new Kept<>(runtime.time().clock(), this::vendors);
    }

    public void list(Exchange exchange) {
        Call.of(exchange);
        HttpAnswers.leave(exchange, 200, kept.get());
    }

    private ArrayNode vendors() {
        SongLedger ledger = runtime.ledger();
        Instant midnight = runtime.time().clock().instant().truncatedTo(ChronoUnit.DAYS);
        Books books = new Books(
                ledger.catalog().countByVendor(runtime.sandbox()),
                ledger.costs().byVendorSince(midnight, runtime.sandbox()),
                ledger.costs().byVendorSince(Instant.EPOCH, runtime.sandbox()));
        ArrayNode vendors = Json.MAPPER.createArrayNode();
        runtime.vendors().all().forEach(vendor -> vendors.add(vendor(vendor, books)));
        return vendors;
    }

    private ObjectNode vendor(VendorSettings vendor, Books books) {
        String name = vendor.name();
        ObjectNode node =
                Json.object().put("name", name).put("inUse", vendor.apiKey().isPresent());
        Optional<Pause> pause = runtime.ledger().pauses().of(name, runtime.sandbox());
        pause.ifPresent(paused -> node.putObject("paused")
                .put("cause", paused.cause())
                .put("until", paused.until().toString()));
        ObjectNode songs = node.putObject("songs");
        books.songs().getOrDefault(name, Map.of()).forEach((state, count) -> songs.put(state.word(), count));
        node.putObject("pace")
                .put("submitRate", vendor.submitRate())
                .put("maxRunning", vendor.maxRunning())
                .put("running", runtime.ledger().claims().countSubmitted(name, runtime.sandbox()));
        node.putObject("spent")
                .put("today", dollars(books.today().get(name)))
                .put("total", dollars(books.total().get(name)));
        return node;
    }

    private static java.math.BigDecimal dollars(Cost cost) {
        return SongDocument.dollars(cost == null ? 0 : cost.price());
    }
}
