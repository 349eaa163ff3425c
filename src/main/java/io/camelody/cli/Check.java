package io.camelody.cli;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongLedger;
import io.camelody.settings.RouteFiles;
import io.camelody.settings.VendorSettings;
import io.camelody.wiring.BrokenRouteException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Looks at a home whose settings are good for what a batch would stumble over. Leaves the home as it was. */
final class Check {

    private final Workplace place;
    private final Optional<String> wanted;
    private final Findings findings;

    /** @param wanted the only vendor to look at; empty for all */
    Check(Workplace place, Optional<String> wanted, Findings findings) {
        this.place = place;
        this.wanted = wanted;
        this.findings = findings;
    }

    /** @param contract what is held against the routes once they are known to load; empty for nothing */
    void run(Optional<ContractCheck> contract) throws IOException {
        vendors().forEach(this::checkKey);
        vendors().forEach(this::checkAddress);
        if (checkRoutes()) {
            contract.ifPresent(check -> check.run(place.routes()));
        }
        checkLedger();
        checkFolder("songs", place.songs());
        checkFolder("audio", place.stage());
    }

    private Collection<VendorSettings> vendors() {
        return place.vendors().all().stream()
                .filter(vendor -> wanted.isEmpty() || wanted.get().equals(vendor.name()))
                .toList();
    }

    private void checkKey(VendorSettings vendor) {
        if (vendor.apiKey().isPresent()) {
            findings.ok("key", vendor.name() + " has one");
            return;
        }
        boolean needed = wanted.isPresent() || place.vendors().withKey().isEmpty();
        String words = "No key for %s. Set %s, or run with --sandbox to try it without one."
                .formatted(vendor.name(), vendor.keyName());
        if (needed) {
            findings.bad("key", words);
        } else {
            findings.warn("key", words);
        }
    }

    private void checkAddress(VendorSettings vendor) {
        String name = "camelody.%s.base-url".formatted(vendor.name());
        if (vendor.baseUrl().isEmpty()) {
            findings.warn("address", name + " is not set");
            return;
        }
        String url = vendor.baseUrl().get();
        Optional<URI> uri = httpUri(url);
        if (uri.isEmpty()) {
            findings.bad("address", "Expected %s to be an http or https URL, got: \"%s\".".formatted(name, url));
        } else if (uri.get().getScheme().equalsIgnoreCase("http")
                && !isLoopback(uri.get().getHost())) {
            findings.warn("address", "%s sends the key unencrypted: \"%s\". Use https.".formatted(name, url));
        } else {
            findings.ok("address", vendor.name() + " is at " + url);
        }
    }

    private static Optional<URI> httpUri(String url) {
        try {
            URI uri = URI.create(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** By its name alone: a check asks no DNS. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
    }

    /** Whether there is nothing against them. */
    private boolean checkRoutes() throws IOException {
        place.routes()
                .byName()
                .forEach(
                        (file, at) -> findings.ok("route", "routes/%s from %s".formatted(file, RouteFiles.origin(at))));
        try (Rehearsal rehearsal = Rehearsal.of(place)) {
            return checkEndpoints(rehearsal.engine());
        } catch (BrokenRouteException e) {
            findings.bad("routes", e.getMessage());
            return false;
        }
    }

    private boolean checkEndpoints(Engine engine) {
        int bad = 0;
        for (VendorSettings vendor : vendors()) {
            List<String> parts = new ArrayList<>(List.of("song-submit", "song-poll", "errors"));
            if (vendor.isAble("writeLyrics")) {
                parts.addAll(List.of("lyrics-submit", "lyrics-poll"));
            }
            for (String part : parts) {
                bad += demand(engine, "camelody-%s-%s".formatted(vendor.name(), part), "vendors/" + vendor.name());
            }
        }
        for (String sink : place.work().sinks()) {
            bad += demand(engine, "camelody-%s-sink".formatted(sink), "sinks/" + sink);
        }
        if (bad == 0) {
            findings.ok("routes", "all load, and the vendors and sinks have those they need");
        }
        return bad == 0;
    }

    private int demand(Engine engine, String route, String file) {
        if (engine.hasRoute(route)) {
            return 0;
        }
        findings.bad(
                "routes", "Expected routes/%s.camel.yaml to have a route %s; there is none.".formatted(file, route));
        return 1;
    }

    private void checkLedger() {
        try (SongLedger ledger = HomeOptions.ledgerToSteer(place).orElse(null)) {
            if (ledger == null) {
                findings.ok("ledger", "none yet; the first batch makes %s".formatted(place.ledgerUrl()));
            } else {
                findings.ok("ledger", "%s, version %d".formatted(place.ledgerUrl(), ledger.version()));
            }
        } catch (LedgerException e) {
            findings.bad("ledger", e.getMessage());
        }
    }

    private void checkFolder(String what, Path folder) {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (Files.isDirectory(there) && Files.isWritable(there)) {
            findings.ok(what, folder + (there.equals(folder) ? "" : ", which the first song makes"));
        } else {
            findings.bad(what, "Expected %s to be a folder that can be written.".formatted(there));
        }
    }
}
