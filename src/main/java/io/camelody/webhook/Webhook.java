package io.camelody.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.outgoing.OutgoingCall;
import io.camelody.outgoing.OutgoingHttp;
import io.camelody.settings.WebhookSettings;
import io.camelody.sink.SinkLaterException;
import io.camelody.sink.SinkRefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.camel.Exchange;

/**
 * Tells a receiver of a song, by <a href="https://www.standardwebhooks.com">Standard Webhooks</a>: one signed POST, which
 * counts as taken when it is answered with 2xx in time. A redirect is not followed and counts as not taken, like anything
 * else. What was not taken is tried again by the {@link Schedule}, with the same {@code webhook-id}.
 *
 * <p>Messages and places name the receiver by its host alone: the path may be a secret too. Thread-safe.
 */
public final class Webhook {

    private static final int MOST_ANSWER = 1 << 16;

    private final WebhookSettings settings;
    private final OutgoingHttp http;
    private final Clock clock;
    private final RandomGenerator random;

    /** @param clock the machine's, which receivers compare with theirs */
    public Webhook(WebhookSettings settings, OutgoingHttp http, Clock clock, RandomGenerator random) {
        this.settings = settings;
        this.http = http;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Makes one try. Reads the song's document; the variables {@code event} and {@code eventAt}, what happened to it when,
     * without which it was delivered; {@code receiver}, the request's own webhook, if it has one; and {@code sinkAttempt}, 1
     * for the first try.
     *
     * @return where it went
     * @throws SinkLaterException if it was not taken, and there are more tries
     * @throws SinkRefusedException if it is not tried again: the receiver is gone for good, or this was the last try
     */
    public String send(Exchange exchange) {
        ObjectNode song = exchange.getMessage().getBody(ObjectNode.class);
        Event event = new Event(
                exchange.getVariable("event", Event.DELIVERED, String.class),
                exchange.getVariable("eventAt", song.path("generatedAt").asText(), String.class),
                song);
        int attempt = exchange.getVariable("sinkAttempt", 1, Integer.class);
        URI url = receiver(exchange.getVariable("receiver", "", String.class));
        String place = "%s://%s".formatted(url.getScheme(), url.getRawAuthority());
        Answer answer = post(url, event);
        if (answer.isTaken()) {
            return place;
        }
        String failed = "The webhook was not taken: %s (receiver: %s)".formatted(answer.words(), place);
        if (answer.isGone()) {
            throw new SinkRefusedException(failed);
        }
        Duration wait = Schedule.after(attempt, answer.retryAfter(), random)
                .orElseThrow(
                        () -> new SinkRefusedException("%s It was the last of %d tries.".formatted(failed, attempt)));
        throw new SinkLaterException(failed, wait);
    }

    private URI receiver(String own) {
        if (own.isEmpty()) {
            return settings.url()
                    .orElseThrow(
                            () -> new SinkRefusedException("Nobody is to be told: camelody.webhook.url is empty."));
        }
        // hosts may have been taken off the list since
        settings.against(own).ifPresent(against -> {
            throw new SinkRefusedException("Expected the request's webhook to be %s.".formatted(against));
        });
        return URI.create(own);
    }

    private Answer post(URI url, Event event) {
        byte[] body = event.body(settings.publicUrl());
        List<String> headers =
                new ArrayList<>(Signature.headers(event.id(), clock.instant(), body, settings.secrets()));
        headers.addAll(List.of("Content-Type", "application/json"));
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        try (OutgoingCall call = http.post(url, headers, body)) {
            OutgoingCall.Head head = call.head(deadline - System.nanoTime());
            readToItsEnd(call, deadline);
            return new Answer(Optional.of(head), "");
        } catch (IOException e) {
            return new Answer(Optional.empty(), e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (TimeoutException e) {
            return new Answer(
                    Optional.empty(),
                    "There was no answer within %d s."
                            .formatted(settings.timeout().toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(Optional.empty(), "The call was interrupted.");
        }
    }

    /** A receiver may stop its work when the connection is cut. What it writes is nothing to us. */
    private static void readToItsEnd(OutgoingCall call, long deadline) throws InterruptedException {
        try {
            int bytes = 0;
            ByteBuffer piece = call.next(deadline - System.nanoTime());
            while (piece != null && bytes < MOST_ANSWER) {
                bytes += piece.remaining();
                piece = call.next(deadline - System.nanoTime());
            }
        } catch (IOException | TimeoutException e) {
            // the status was there
        }
    }

    /** @param trouble why there is no head */
    private record Answer(Optional<OutgoingCall.Head> head, String trouble) {

        boolean isTaken() {
            return head.filter(each -> each.status() / 100 == 2).isPresent();
        }

        boolean isGone() {
            return head.filter(each -> each.status() == 410).isPresent();
        }

        String words() {
            return head.map(each -> "It was answered with %d.".formatted(each.status()))
                    .orElse(trouble);
        }

        /** In seconds; a date is not looked at. */
        Optional<Duration> retryAfter() {
            return head.flatMap(each -> each.headers().firstValue("Retry-After"))
                    .filter(value -> value.matches("\\d{1,9}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value)));
        }
    }
}
