package io.camelody.cli;

import io.camelody.sample.Samples;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.util.List;

/** The sandbox of a home: the vendors that it knows, and those of the home that have recorded calls. */
final class HomeSandbox {

    static final String CANNOT_PLAY =
            "The sandbox cannot play %1$s: routes/vendors/%1$s.samples/ lacks a recorded call of a song that is taken, that runs, or that is done.";

    private HomeSandbox() {}

    /**
     * Starts it. It remembers its tasks in the home, so that a run on it can be killed and goes on like a real one.
     *
     * @throws io.camelody.settings.BadSettingsException if a recorded call cannot be read
     */
    static Sandbox start(Workplace place) {
        List<Samples> recorded = place.vendors().names().stream()
                .map(place.routes()::vendorOf)
                .distinct()
                .filter(name -> !Sandbox.VENDORS.contains(name))
                .map(name -> Samples.read(name, place.routes()))
                .toList();
        return Sandbox.startWithMemory(SandboxSettings.defaults(), place.data().resolve("sandbox.jsonl"), recorded);
    }
}
