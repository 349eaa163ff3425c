package io.camelody.soak;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Vendors, and settings for work with them, under which everything that goes wrong does so soon. */
final class Troubled {

    /** Almost 7 s: of a clip below 6 s, a half that calls itself whole is within what vendors' seconds may be off by. */
    private static final int CLIP = 54_000;

    private Troubled() {}

    static Sandbox vendors() {
        return Sandbox.start(SandboxSettings.defaults()
                .withLatency(Duration.ofMillis(500))
                .withLatencySpread(.5)
                .withFailureShare(.02)
                .withAudioBytes(CLIP)
                .withKeep(1_000));
    }

    /** Quick, and soon out of patience. */
    static Map<String, String> settings(Sandbox sandbox) {
        Map<String, String> settings = new TreeMap<>(sandbox.settings());
        for (String vendor : Sandbox.VENDORS) {
            settings.put("camelody.%s.submit-rate".formatted(vendor), "50");
            settings.put("camelody.%s.timeout".formatted(vendor), "60s");
            settings.put("camelody.%s.clip-grace".formatted(vendor), "1s");
        }
        settings.put("camelody.default-vendor", "foxai");
        settings.put("camelody.vendor-pause", "2s");
        settings.put("camelody.delivery.attempts", "4");
        settings.put("camelody.delivery.patience", "20s");
        settings.put("camelody.audio.stall-timeout", "1s");
        settings.put("camelody.audio.total-timeout", "5s");
        settings.put("camel.main.shutdownTimeout", "2");
        return settings;
    }
}
