package io.camelody.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.component.LedgerCheck;
import io.camelody.component.SongRuntime;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;

/**
 * How the process is.
 *
 * <p>It lives while its loops turn: where they do not, a restart helps. It is ready while requests can be written down and all
 * routes run. A vendor that takes nothing, and a disk that fills up, are told and make nobody unready: songs wait for
 * them, and other instances would fare no better. No text of a vendor's or a caller's is in it, since everybody may ask.
 */
public final class Health {

    private static final long FEW_BYTES = 1_000_000_000;

    private final SongRuntime runtime;
    private final Supplier<CamelContext> camel;
    private final Map<String, Supplier<OptionalLong>> disks;
    private final LedgerCheck ledger;

    /**
     * @param camel null while there is none yet
     * @param disks the bytes that are free on them, by the names of the folders there; none where nobody knows. They
     *     hold nobody
     */
    public Health(SongRuntime runtime, Supplier<CamelContext> camel, Map<String, Supplier<OptionalLong>> disks) {
        this.runtime = runtime;
        this.camel = camel;
        this.disks = disks;
        this.ledger = new LedgerCheck(runtime);
    }

    ObjectNode live() {
        return answer(new Check("work", stuck()));
    }

    CompletableFuture<ObjectNode> ready() {
        return ledger.look()
                .thenApply(look -> answer(new Check("ledger", look.trouble()), new Check("routes", routes())));
    }

    CompletableFuture<ObjectNode> all() {
        return ledger.look().thenApply(look -> {
            ObjectNode answer = answer(
                    new Check("work", stuck()), new Check("ledger", look.trouble()), new Check("routes", routes()));
            look.pauses().forEach(pause -> tell(answer.withArray("vendors"), pause));
            disks.forEach((folder, room) -> tell(answer.withArray("disks"), folder, room.get()));
            return answer;
        });
    }

    static boolean isUp(ObjectNode answer) {
        return answer.path("status").asText().equals("UP");
    }

    private record Check(String name, Optional<String> trouble) {

        ObjectNode json() {
            ObjectNode json = Json.object().put("name", name).put("status", trouble.isEmpty() ? "UP" : "DOWN");
            trouble.ifPresent(what -> json.put("message", what));
            return json;
        }
    }

    private static ObjectNode answer(Check... checks) {
        boolean up = Stream.of(checks).allMatch(check -> check.trouble().isEmpty());
        ObjectNode answer = Json.object().put("status", up ? "UP" : "DOWN");
        Stream.of(checks).map(Check::json).forEach(answer.putArray("checks")::add);
        return answer;
    }

    private Optional<String> stuck() {
        return runningRoutes()
                .map(Route::getConsumer)
                .flatMap(consumer -> consumer instanceof HealthCheckAware aware
                        ? Stream.ofNullable(aware.getHealthCheck())
                        : Stream.empty())
                .filter(HealthCheck::isLiveness)
                .map(HealthCheck::call)
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(HealthCheck.Result::getMessage)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Stream<Route> runningRoutes() {
        return Stream.ofNullable(camel.get()).flatMap(context -> context.getRoutes().stream());
    }

    private Optional<String> routes() {
        CamelContext context = camel.get();
        if (context == null || !context.isStarted()) {
            return Optional.of("Camelody is starting or stopping.");
        }
        return context.getRoutes().stream()
                .map(Route::getRouteId)
                .filter(id -> !context.getRouteController().getRouteStatus(id).isStarted())
                .map("The route %s does not run."::formatted)
                .findFirst();
    }

    private static void tell(ArrayNode vendors, Pause pause) {
        ObjectNode vendor = vendors.addObject().put("name", pause.vendor());
        vendor.putObject("paused")
                .put("cause", pause.cause())
                .put("until", pause.until().toString());
    }

    private static void tell(ArrayNode disks, String folder, OptionalLong free) {
        ObjectNode disk = disks.addObject().put("folder", folder);
        free.ifPresentOrElse(
                bytes -> disk.put("freeBytes", bytes), () -> disk.put("warning", "The disk does not answer."));
        if (free.isPresent() && free.getAsLong() < FEW_BYTES) {
            disk.put("warning", "Less than 1 GB is free. Songs wait when there is no room.");
        }
    }
}
