package io.camelody.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.cli.RouteList.Entry;
import io.camelody.cli.RouteList.File;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camelody routes}: what runs, and where each route came from. */
@Command(
        name = "routes",
        description = {
            "Lists the routes that run, by the files that they came from, and the files that are not loaded.",
            "A file in routes/ of the home takes the place of the program's of the same name; others join.",
            "Beside each route is the endpoint where it begins: direct alone where it is called by its own id."
        },
        footer = {
            "",
            "Examples:",
            "  camelody routes --home /srv/songs",
            "  camelody routes --json | jq -r '.[] | select(.origin == \"home\") | .file'"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:All load.", "2:One does not; the message has its file and line."})
final class RoutesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Option(names = "--json", description = "One JSON array, an element a file.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Workplace place = home.read();
        try (Rehearsal rehearsal = Rehearsal.of(place)) {
            RouteList list = RouteList.of(place, rehearsal.engine().model());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.write(array(list)));
            } else {
                print(list, out);
            }
            out.flush();
        }
        return Camelody.OK;
    }

    private static void print(RouteList list, PrintWriter out) {
        int width = list.files().stream()
                .flatMap(file -> file.entries().stream())
                .mapToInt(entry -> entry.id().length())
                .max()
                .orElse(0);
        for (File file : list.files()) {
            out.printf("routes/%s%s%n", file.name(), remarks(file));
            for (Entry entry : file.entries()) {
                out.printf("  %-" + width + "s  %s%n", entry.id(), beginning(entry));
            }
        }
    }

    private static String remarks(File file) {
        String origin = !file.isOwn() ? "" : file.replaces() ? ", the home's for the program's" : ", the home's";
        return origin
                + file.unused()
                        .map(why -> ", not loaded: " + why)
                        .orElse(file.loadedBy().contains("batch") ? "" : ", for run alone");
    }

    private static String beginning(Entry entry) {
        return switch (entry.kind()) {
            case ROUTE -> endpoint(entry);
            case TEMPLATE -> "template, " + endpoint(entry);
            case CONFIGURATION -> "configuration";
        };
    }

    private static String endpoint(Entry entry) {
        String from = entry.from().orElseThrow();
        return from.matches("direct:(//)?" + entry.id()) ? "direct" : from;
    }

    private static ArrayNode array(RouteList list) {
        ArrayNode files = Json.MAPPER.createArrayNode();
        for (File file : list.files()) {
            ObjectNode node = files.addObject()
                    .put("file", "routes/" + file.name())
                    .put("origin", file.isOwn() ? "home" : "program")
                    .put("place", file.place())
                    .put("replaces", file.replaces());
            node.set("loadedBy", Json.MAPPER.valueToTree(file.loadedBy()));
            node.put("unused", file.unused().orElse(null));
            ArrayNode entries = node.putArray("routes");
            for (Entry entry : file.entries()) {
                entries.addObject()
                        .put("id", entry.id())
                        .put("kind", entry.kind().name().toLowerCase(Locale.ROOT))
                        .put("from", entry.from().orElse(null))
                        .put("description", entry.description().orElse(null));
            }
        }
        return files;
    }
}
