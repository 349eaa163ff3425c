package io.camelody.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import org.apache.camel.Exchange;

/** Songs to look at over HTTP. Thread-safe. */
public final class Songs {

    private final SongLedger ledger;

    public Songs(SongLedger ledger) {
        this.ledger = ledger;
    }

    static String path(String id) {
        return "/songs/" + id;
    }

    public void show(Exchange exchange) {
        HttpAnswers.leave(exchange, 200, document(demand(exchange)));
    }

    /** The song that the path names. */
    private Song demand(Exchange exchange) {
        String id = exchange.getMessage().getHeader("id", String.class);
        return ledger.catalog()
                .find(id)
                .orElseThrow(() -> new ProblemException(404, "not-found", "There is no such song."));
    }

    private static ObjectNode document(Song song) {
        ObjectNode document = SongDocument.of(song);
        document.putObject("links").put("self", path(song.id()));
        return document;
    }
}
