package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.Receipt;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import io.camelody.request.RequestRules;
import io.camelody.request.SongRequest;
import io.camelody.vendor.Planner;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns what somebody sent into a song that may be written down, or refuses it with every reason. Thread-safe. */
public final class Intake {

    private final RequestRules rules = new RequestRules();
    private final Planner planner;
    private final WorkSettings settings;
    private final Optional<String> preferredVendor;

    /** @param preferredVendor for requests that name none */
    public Intake(SongRuntime runtime, Optional<String> preferredVendor) {
        this.planner = runtime.planner();
        this.settings = runtime.settings();
        this.preferredVendor = preferredVendor;
    }

    /**
     * @param id makes the id of a request that brings none, from its canonical JSON
     * @param source where the request came from, for people
     * @throws RefusedRequestException with everything that is wrong with it
     */
    public NewSong check(
            JsonNode raw, Function<SongRequest, String> id, Optional<String> source, Optional<String> batch) {
        SongRequest request = rules.check(raw);
        request.text("webhook").flatMap(settings.webhook()::against).ifPresent(against -> {
            // shown no further than its host: the rest may be a secret
            String host = SongRequest.hostOf(request.text("webhook").get());
            throw new RefusedRequestException(List.of(Problem.of("webhook", against, Problem.quote(host))));
        });
        List<String> sinks = settings.sinksOf(request);
        if (!WorkSettings.keepsAudio(sinks)) {
            String got = String.join(", ", sinks);
            throw new RefusedRequestException(List.of(new Problem(
                    "sinks",
                    "one that keeps the audio",
                    got,
                    "Expected sinks to name one that keeps the audio, such as file, got: \"%s\".".formatted(got))));
        }
        Planner.Plan plan = planner.plan(request, preferredVendor);
        return new NewSong(
                request.id().orElseGet(() -> id.apply(request)),
                plan.vendor(),
                plan.lyricsVendor(),
                request.json(),
                plan.notes(),
                plan.isMovable(),
                sinks.contains(WorkSettings.WEBHOOK),
                source,
                batch);
    }

    /** What is wrong with a request whose id another one has: a song is of one request for ever. */
    public static Problem idOfAnother(Receipt receipt) {
        return Problem.of(
                "id",
                "an id that no other request has",
                Problem.quote(receipt.id()),
                "Its song is of a request with other content, and is %s. Give this one another id; camelody cancel or retry is about that song."
                        .formatted(receipt.state()));
    }
}
