package io.camelody.cli;

import io.camelody.sample.Samples;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The sandbox of a home: the vendors that it knows, and those of the home that have recorded calls. */
final class HomeSandbox implements AutoCloseable {

    private static final String CANNOT_PLAY =
            "The sandbox cannot play %s: routes/vendors/%s.samples/ lacks a recorded call of a song that is taken, that runs, or that is done.";

    private final Workplace place;
    private final Sandbox sandbox;

    private HomeSandbox(Workplace place, Sandbox sandbox) {
        this.place = place;
        this.sandbox = sandbox;
    }

    /**
     * Starts it. It remembers its tasks in the home, so that a run on it can be killed and goes on like a real one.
     *
     * @throws io.camelody.settings.BadSettingsException if a recorded call cannot be read
     */
    static HomeSandbox start(Workplace place) {
        List<Samples> recorded = place.vendors().names().stream()
                .map(place.routes()::vendorOf)
                .distinct()
                .filter(name -> !Sandbox.VENDORS.contains(name))
                .map(name -> Samples.read(name, place.routes()))
                .toList();
        return new HomeSandbox(
                place,
                Sandbox.startWithMemory(SandboxSettings.defaults(), place.data().resolve("sandbox.jsonl"), recorded));
    }

    /**
     * The settings that make the home use it, accounts of its vendors too; what the home allows to be called stays allowed. Of
     * the vendors only those that it plays stay in use: any other would be called where it really is.
     *
     * @param vendor for requests that name none
     * @param err is told of each vendor that is left out
     * @throws UsageException if that leaves no vendor, or not the one for requests that name none
     */
    Map<String, String> settings(Optional<String> vendor, PrintWriter err) {
        Collection<String> names = place.vendors().names();
        List<String> played = names.stream().filter(this::plays).toList();
        Stream<String> demanded = played.isEmpty()
                ? names.stream()
                : Stream.concat(vendor.stream(), place.vendors().defaultVendor().stream());
        demanded.filter(name -> names.contains(name) && !plays(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new UsageException(cannotPlay(name));
                });
        names.stream().filter(name -> !plays(name)).map(this::cannotPlay).forEach(err::println);

        Map<String, String> ofSandbox = sandbox.settings();
        Map<String, String> needed = new HashMap<>(ofSandbox);
        place.routes()
                .accounts()
                .forEach(account -> ofSandbox.forEach((name, value) -> needed.put(account.read(name), value)));
        needed.put("camelody.vendors", String.join(", ", played));
        needed.merge(
                Sandbox.ALLOW,
                place.settings().properties().getOrDefault(Sandbox.ALLOW, ""),
                (own, ofHome) -> ofHome + ", " + own);
        return needed;
    }

    private boolean plays(String name) {
        return sandbox.plays(place.routes().vendorOf(name));
    }

    private String cannotPlay(String name) {
        return CANNOT_PLAY.formatted(name, place.routes().vendorOf(name));
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
