package io.camelody.cli;

import io.camelody.contract.Contract;
import io.camelody.contract.Finding;
import io.camelody.sample.Samples;
import io.camelody.settings.BadSettingsException;
import io.camelody.settings.RouteFiles;
import io.camelody.wiring.BrokenRouteException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Holds the file of one vendor of a home against the contract. */
final class ContractCheck {

    private final String vendor;
    private final Function<Map<String, String>, Workplace> read;
    private final Findings findings;

    /** @param read reads the home with settings that hold over all others */
    ContractCheck(String vendor, Function<Map<String, String>, Workplace> read, Findings findings) {
        this.vendor = vendor;
        this.read = read;
        this.findings = findings;
    }

    void run(RouteFiles files) {
        try {
            Samples samples = Samples.read(vendor, files);
            if (samples.isEmpty()) {
                findings.warn(
                        "contract",
                        "routes/vendors/%s.samples/ has no recorded calls, so the file was not tried out. See add-a-vendor.md."
                                .formatted(vendor));
                return;
            }
            List<Finding> found = Contract.check(samples, settings -> home(read.apply(settings)));
            found.forEach(this::report);
            if (found.stream().noneMatch(Finding::isBad)) {
                findings.ok(
                        "contract",
                        "%s keeps it: %d recorded calls, and the answers of bad days"
                                .formatted(vendor, samples.all().size()));
            }
        } catch (BadSettingsException e) {
            e.problems().forEach(problem -> findings.bad("contract", problem));
        } catch (Exception e) {
            throw new BrokenRouteException(e, files);
        }
    }

    private void report(Finding finding) {
        if (finding.isBad()) {
            findings.bad("contract", finding.words());
        } else {
            findings.warn("contract", finding.words());
        }
    }

    private Contract.Home home(Workplace place) {
        return new Contract.Home(
                place.vendors().find(vendor).orElseThrow(),
                place.settings().properties(),
                place.routes()
                        .named(name -> name.equals("errors.camel.yaml")
                                || name.equals("vendors/%s.camel.yaml".formatted(vendor))));
    }
}
