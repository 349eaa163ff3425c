package io.camelody.cli;

import io.camelody.settings.BadSettingsException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camelody check}: finds what would go wrong before a song does. Calls no vendor and changes nothing. */
@Command(
        name = "check",
        description = {
            "Checks settings, keys, routes, the ledger and the folders, a line for each, before any money is spent.",
            "No vendor is called, so whether a key is right is not known."
        },
        footer = {"", "Example: camelody check --vendor foxai"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Nothing is bad.", "2:Something is."})
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Option(
            names = "--vendor",
            paramLabel = "V",
            description = "Only this vendor: it must have a key, and its file is tried out against recorded answers.")
    private Optional<String> vendor = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Findings findings = new Findings(spec.commandLine().getOut());
        try {
            Workplace place = home.read();
            vendor.filter(name -> place.vendors().find(name).isEmpty()).ifPresent(name -> {
                throw new UsageException("Expected --vendor to be one of %s, got: \"%s\"."
                        .formatted(String.join(", ", place.vendors().names()), name));
            });
            findings.ok("settings", "all good");
            place.warnings().forEach(words -> findings.warn("settings", words));
            new Check(place, vendor, findings).run(vendor.map(name -> new ContractCheck(name, home::read, findings)));
        } catch (BadSettingsException e) {
            e.problems().forEach(problem -> findings.bad("settings", problem));
        }
        return findings.sum();
    }
}
