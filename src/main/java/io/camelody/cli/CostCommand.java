package io.camelody.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Costs;
import io.camelody.ledger.Costs.Cost;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camelody cost}: the bill, by the prices in the settings. */
@Command(
        name = "cost",
        description = {
            "Shows what tasks have cost, by the prices that were set when they were asked for.",
            "IN DOUBT is what was perhaps taken: paid calls that are under way, or that nobody heard the answer of.",
            "NOT MADE are paid calls that certainly bought nothing, such as those that a vendor refused."
        },
        footer = {"", "Examples:", "  camelody cost", "  camelody cost --by day --json"})
final class CostCommand implements Callable<Integer> {

    private enum By {
        vendor,
        day,
        label
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Option(names = "--by", paramLabel = "WHAT", description = "vendor (the default), day (UTC) or label (name=value).")
    private By by = By.vendor;

    @Option(names = "--sandbox", description = "What the sandbox would have cost.")
    private boolean sandbox;

    @Option(names = "--json", description = "One JSON array, an element a row.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (SongLedger ledger = HomeOptions.ledgerToSee(
                        home.read(), spec.commandLine().getErr())
                .orElse(null)) {
            Map<String, Cost> costs = ledger == null ? Map.of() : costs(ledger.costs());
            if (json) {
                out.println(Json.write(array(costs)));
            } else {
                table(out, costs);
            }
        }
        out.flush();
        return Camelody.OK;
    }

    private Map<String, Cost> costs(Costs costs) {
        return switch (by) {
            case vendor -> costs.byVendor(sandbox);
            case day -> costs.byDay(sandbox);
            case label -> costs.byLabel(sandbox);
        };
    }

    private ArrayNode array(Map<String, Cost> costs) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        costs.forEach((group, cost) -> array.addObject()
                .put(by.name(), group)
                .put("tasks", cost.made())
                .put("price", SongDocument.dollars(cost.price()))
                .put("inDoubt", cost.doubted())
                .put("inDoubtPrice", SongDocument.dollars(cost.doubtedPrice()))
                .put("notMade", cost.notMade()));
        return array;
    }

    private void table(PrintWriter out, Map<String, Cost> costs) {
        if (costs.isEmpty()) {
            out.println(
                    sandbox ? "The sandbox was asked for nothing yet." : "No real vendor was asked for anything yet.");
            return;
        }
        int width = Math.max(
                10, costs.keySet().stream().mapToInt(String::length).max().orElse(0));
        String line = "%-" + width + "s  %8s  %12s  %8s  %s%n";
        out.printf(line, by.name().toUpperCase(Locale.ROOT), "TASKS", "PRICE", "NOT MADE", "IN DOUBT");
        costs.forEach((group, cost) -> out.printf(
                line,
                group,
                cost.made(),
                "$" + SongDocument.dollars(cost.price()).toPlainString(),
                cost.notMade() == 0 ? "-" : cost.notMade(),
                cost.doubted() == 0
                        ? "-"
                        : "%d, $%s"
                                .formatted(
                                        cost.doubted(),
                                        SongDocument.dollars(cost.doubtedPrice())
                                                .toPlainString())));
    }
}
