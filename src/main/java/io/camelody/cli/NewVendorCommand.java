package io.camelody.cli;

import io.camelody.settings.PropertyFiles;
import io.camelody.settings.RouteFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody new vendor}: a vendor's file that works, to be made that of a real one. */
@Command(
        name = "vendor",
        description = {
            "Writes a vendor's route file, recorded calls that it passes, and its settings, for you to change.",
            "Nothing that is there is overwritten; the settings are added to the end of config/application.properties."
        },
        footer = {"", "Example: camelody new vendor acme"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:It is written.", "2:It cannot be."})
final class NewVendorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(paramLabel = "NAME", description = "In lower case, with digits and dashes, such as acme.")
    private String name;

    @Option(names = "--with-lyrics", description = "For a vendor that writes lyrics too.")
    private boolean withLyrics;

    @Override
    public Integer call() throws IOException {
        Path folder = home.folder();
        RouteFiles files = RouteFiles.find(folder);
        if (!RouteFiles.isName(name)) {
            throw new UsageException(
                    "Expected a name of lower-case letters, digits and dashes, 40 at most, and no word of Camelody's own, such as acme, got: \"%s\"."
                            .formatted(name));
        }
        if (files.vendors().contains(name)) {
            throw new UsageException("There is a vendor %s already: %s. Give another name."
                    .formatted(name, files.byName().get("vendors/%s.camel.yaml".formatted(name))));
        }
        VendorStart start = new VendorStart(folder, name, withLyrics);
        PrintWriter out = spec.commandLine().getOut();
        start.write().forEach(file -> out.println("Wrote " + folder.relativize(file)));
        out.printf("%nIt passes as it is, with made-up calls. See that with:%n%n");
        out.printf("  export %s=any%n", PropertyFiles.variable(name) + "_API_KEY");
        out.printf("  camelody check --vendor %s%s%n%n", name, home.argument());
        out.println(
                "Then put the vendor's own calls into the samples and its JSON into the file, until it passes again.");
        return Camelody.OK;
    }
}
