package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sample.Sample;
import io.camelody.settings.VendorSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays answers that no sample has, holds each play against what all must keep (one call, no header and no key left), and
 * gathers what was found: the same fault of the same step once, whatever answers show it.
 */
final class Trials {

    private final RunningVendor vendor;
    private final Map<List<String>, Finding> findings = new LinkedHashMap<>();

    Trials(RunningVendor vendor) {
        this.vendor = vendor;
    }

    VendorSettings settings() {
        return vendor.settings();
    }

    Collection<Finding> findings() {
        return new ArrayList<>(findings.values());
    }

    /** @param words what the answer is, for findings */
    Play play(Sample.Route route, JsonNode given, String words, Optional<Sample.Answer> answer) {
        Play play = vendor.play(route, given, answer);
        int calls = play.heard().size();
        if (calls != 1) {
            bad(route, play.places().ofCall(), "made %d calls".formatted(calls), words, "expected one");
        }
        play.places()
                .ofCallAnyhow()
                .ifPresent(place -> bad(
                        route,
                        place,
                        "called without httpClientConfigurer",
                        words,
                        "expected \"#camelodyVendorHttp\". Another client may repeat a call that is paid"));
        if (play.heard().stream().anyMatch(RunningVendor::hasStray)) {
            bad(
                    route,
                    play.places().ofCall(),
                    "sent headers that it was called with",
                    words,
                    "expected none of them. Begin the route with removeHeaders \"*\"");
        }
        if (!play.exchange().getMessage().getHeaders().isEmpty()) {
            bad(
                    route,
                    play.places().ofResult(),
                    "left headers",
                    words,
                    "expected none. Call direct:camelody-vendor-answer right behind the vendor, with routeConfigurationId: camelody-vendor at the route");
        }
        if (play.left().filter(left -> Json.write(left).contains(Sample.KEY)).isPresent()) {
            bad(route, play.places().ofResult(), "left the key", words, "expected it nowhere");
        }
        return play;
    }

    /** Certainly wrong. @param expected what should have been, and what to do */
    void bad(Sample.Route route, String place, String did, String when, String expected) {
        note(true, route, place, did, when, expected);
    }

    /** Right, and not what was meant. */
    void hint(Sample.Route route, String place, String did, String when, String expected) {
        note(false, route, place, did, when, expected);
    }

    /** About the samples, and no place in the file. */
    void lack(String words) {
        findings.put(List.of(words), Finding.hint(words));
    }

    private void note(boolean isBad, Sample.Route route, String place, String did, String when, String expected) {
        findings.putIfAbsent(
                List.of(place, expected),
                new Finding(isBad, "%s: %s %s for %s; %s.".formatted(place, route.word(), did, when, expected)));
    }
}
