package io.camelody.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongSearch;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Songs to look at over HTTP. Thread-safe. */
public final class Songs {

    private static final int MOST = 500;

    private static final Pattern CURSOR = Pattern.compile("(-?\\d{1,18}):([A-Za-z0-9._-]{1,64})");

    private final SongLedger ledger;
    private final boolean sandbox;

    /** @param sandbox whether its lists are of the sandbox's songs, or of the others; a song by its id may be either */
    public Songs(SongLedger ledger, boolean sandbox) {
        this.ledger = ledger;
        this.sandbox = sandbox;
    }

    static String path(String id) {
        return "/songs/" + id;
    }

    /** Leaves the document of the song that the path names, and what has happened to it. */
    public void show(Exchange exchange) {
        Song song = demand(ledger, Call.of(exchange).id());
        ObjectNode document = document(song);
        ArrayNode events = document.putArray("events");
        ledger.happenings().of(song.id()).forEach(happening -> {
            ObjectNode event = events.addObject().put("at", happening.at().toString());
            event.put("state", happening.state());
            happening.reason().ifPresent(reason -> event.put("reason", reason));
        });
        HttpAnswers.leave(exchange, 200, document);
    }

    /** Leaves a page of the songs that the query asks for, newest first. */
    public void list(Exchange exchange) {
        Call call = Call.of(exchange, "state", "vendor", "batch", "q", "after", "limit");
        SongSearch.Wish wish = new SongSearch.Wish(
                call.query("state").map(Songs::state),
                call.query("vendor"),
                call.query("batch"),
                call.query("q"),
                Optional.of(sandbox));
        SongSearch.Page page =
                ledger.search().newest(wish, call.query("after").map(Songs::cursor), call.count("limit", MOST, 50));
        ObjectNode answer = Json.object();
        ArrayNode songs = answer.putArray("songs");
        page.songs().forEach(song -> songs.add(summary(song)));
        answer.put("next", page.next().map(Songs::text).orElse(null));
        HttpAnswers.leave(exchange, 200, answer);
    }

    /** @throws ProblemException if there is none */
    static Song demand(SongLedger ledger, String id) {
        return ledger.catalog()
                .find(id)
                .orElseThrow(() -> new ProblemException(404, "not-found", "There is no such song."));
    }

    static ObjectNode document(Song song) {
        ObjectNode document = SongDocument.of(song);
        document.putObject("links").put("self", path(song.id()));
        return document;
    }

    private static ObjectNode summary(Song song) {
        ObjectNode summary = SongDocument.summary(song);
        summary.put("title", SongDocument.title(song).orElse(null));
        return summary.put("clips", song.clips().size());
    }

    private static SongState state(String word) {
        return SongState.of(word)
                .orElseThrow(() ->
                        Call.bad("Expected state to be one of %s.".formatted(String.join(", ", SongState.words()))));
    }

    private static String text(Cursor cursor) {
        String plain = cursor.acceptedAt().toEpochMilli() + ":" + cursor.id();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static Cursor cursor(String text) {
        try {
            Matcher plain = CURSOR.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            if (plain.matches()) {
                return new Cursor(Instant.ofEpochMilli(Long.parseLong(plain.group(1))), plain.group(2));
            }
        } catch (IllegalArgumentException e) {
            // told below, like one that says something else
        }
        throw Call.bad("Expected after to be what an answer had as next.");
    }
}
