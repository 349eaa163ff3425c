package io.camelody.docs;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.cli.Camelody;
import io.camelody.request.Json;
import io.camelody.settings.PropertyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes {@code src/docs/options.md} out of the settings file, the component's catalogue entry and the command line. */
final class OptionsPage {

    private static final Path CATALOGUE = Path.of("src/generated/resources/META-INF/io/camelody/component/song.json");

    private final StringBuilder page = new StringBuilder();

    /** The page as the code has it now. */
    static String write() throws IOException {
        OptionsPage page = new OptionsPage();
        page.line("# Options");
        page.line("");
        page.line("Every setting, command and endpoint option. This page is written by a test out of the code: "
                + "`./mvnw test -Dtest=OptionsPageTest -Dcamelody.write-pages`.");
        page.settings();
        page.commands();
        page.endpoints();
        return page.page.toString();
    }

    private void settings() throws IOException {
        line("");
        line("## Settings");
        line("");
        line(
                "Put those that you change into `config/application.properties` of your home; or set them by environment, under "
                        + "the name that stands behind each; or with `--property NAME=VALUE`, which is the strongest. `VENDOR` is "
                        + "the name of a vendor's file. Durations carry a unit (`500ms`, `90s`, `6m`, `1h`), prices are US dollars.");
        for (Map.Entry<String, List<SettingsFile.Group>> part :
                SettingsFile.parts().entrySet()) {
            line("");
            line("### " + part.getKey());
            for (SettingsFile.Group group : part.getValue()) {
                line("");
                line(group.words());
                line("");
                families(group.settings()).forEach(this::setting);
            }
        }
    }

    /** Values by vendor, by the name that the settings have in common. */
    private static Map<String, Map<String, String>> families(Map<String, String> settings) {
        Map<String, Map<String, String>> families = new LinkedHashMap<>();
        settings.forEach(
                (name, value) -> families.computeIfAbsent(SettingsFile.family(name), family -> new LinkedHashMap<>())
                        .put(SettingsFile.vendor(name), value));
        return families;
    }

    private void setting(String family, Map<String, String> byVendor) {
        String first = byVendor.keySet().iterator().next();
        String name = byVendor.size() > 1 ? family : family.replace("VENDOR", first);
        Map<String, List<String>> vendorsByValue = new LinkedHashMap<>();
        byVendor.forEach((vendor, value) ->
                vendorsByValue.computeIfAbsent(value, each -> new ArrayList<>()).add(vendor));
        String defaults = vendorsByValue.size() == 1
                ? value(vendorsByValue.keySet().iterator().next())
                : vendorsByValue.entrySet().stream()
                        .map(each -> String.join(", ", each.getValue()) + " " + value(each.getKey()))
                        .collect(Collectors.joining("; "));
        line("- `%s` (`%s`): %s".formatted(name, PropertyFiles.variable(name), defaults));
    }

    private static String value(String value) {
        if (value.isEmpty()) {
            return "empty";
        }
        return value.startsWith("{{env:")
                ? "what `%s` says".formatted(value.replaceAll("\\{\\{env:|}}|:.*", "")) + fallback(value)
                : code(value);
    }

    private static String fallback(String value) {
        String[] parts = value.replaceAll("\\{\\{env:|}}", "").split(":", 2);
        return parts.length == 2 ? ", or " + code(parts[1]) : "";
    }

    /** Camelody's, as its annotations have it. */
    static CommandLine commandLine() {
        return Camelody.commandLine();
    }

    private void commands() {
        CommandLine line = commandLine();
        line("");
        line("## Commands");
        line("");
        line("Those that have to do with a home take these:");
        line("");
        CommandSpec home = line.getSubcommands()
                .get("batch")
                .getCommandSpec()
                .mixins()
                .values()
                .iterator()
                .next();
        home.options().forEach(this::option);
        line("");
        line("Exit codes of all, where a command says nothing else:");
        line("");
        exitCodes(line.getCommandSpec());
        line.getSubcommands().values().forEach(command -> command(command.getCommandSpec(), ""));
    }

    private void command(CommandSpec command, String above) {
        String name = above + command.name();
        line("");
        line("### camelody " + name);
        line("");
        line("`%s`".formatted(synopsis(command)));
        line("");
        line(String.join(" ", command.usageMessage().description()));
        line("");
        command.positionalParameters().forEach(this::parameter);
        command.options().stream()
                .filter(option -> !option.usageHelp())
                .filter(option -> command.mixins().values().stream()
                        .noneMatch(mixin -> mixin.findOption(option.longestName()) != null))
                .forEach(this::option);
        if (!command.usageMessage().exitCodeList().isEmpty()) {
            line("");
            line("Exit codes:");
            line("");
            exitCodes(command);
        }
        command.subcommands().values().forEach(sub -> command(sub.getCommandSpec(), name + " "));
    }

    private static String synopsis(CommandSpec command) {
        command.usageMessage().width(500);
        return new Help(command, Help.defaultColorScheme(Help.Ansi.OFF))
                .synopsis(0)
                .strip();
    }

    private void parameter(PositionalParamSpec parameter) {
        line("- `%s`: %s".formatted(parameter.paramLabel(), words(parameter)));
    }

    private void option(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        line("- `%s%s`: %s".formatted(String.join("`, `", option.names()), value, words(option)));
    }

    private static String words(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private void exitCodes(CommandSpec command) {
        command.usageMessage().exitCodeList().forEach((code, words) -> line("- %s: %s".formatted(code, words)));
    }

    private void endpoints() throws IOException {
        JsonNode catalogue = Json.parse(Files.readString(CATALOGUE));
        line("");
        line("## Endpoints");
        line("");
        line("`%s`. %s"
                .formatted(
                        catalogue.at("/component/syntax").textValue(),
                        catalogue.at("/component/description").textValue()));
        line("");
        catalogue.path("properties").properties().forEach(option -> endpointOption(option.getKey(), option.getValue()));
        line("");
        line("Options of the component, `camel.component.song.NAME`:");
        line("");
        catalogue
                .path("componentProperties")
                .properties()
                .forEach(option -> endpointOption(option.getKey(), option.getValue()));
    }

    private void endpointOption(String name, JsonNode option) {
        String words = option.path("description").textValue();
        boolean isCamels = option.path("label").textValue().matches("advanced|.*,advanced|consumer|producer")
                && !words.startsWith("For ");
        String values = option.path("enum").isMissingNode()
                ? ""
                : "; one of `%s`"
                        .formatted(String.join("`, `", Json.MAPPER.convertValue(option.path("enum"), String[].class)));
        String byDefault = option.path("defaultValue").isMissingNode()
                ? ""
                : "; `%s` by default".formatted(option.path("defaultValue").asText());
        line("- `%s` (%s%s%s): %s"
                .formatted(
                        name,
                        option.path("kind").textValue().equals("path")
                                ? "in the path"
                                : option.path("type").textValue(),
                        values,
                        byDefault,
                        isCamels ? words.replaceFirst("(?<=\\.) .*", "") : words));
    }

    private static String code(String value) {
        return "`" + value + "`";
    }

    private void line(String text) {
        page.append(text.replace("<", "\\<")).append('\n');
    }
}
