package io.camelody.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelody.component.SongRuntime;
import io.camelody.component.WorkListener.Call;
import io.camelody.component.WorkSettings;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.Step;
import io.camelody.request.Json;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.ErrorClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts of {@code src/examples/operations}, held against what {@code /metrics} really says. */
final class OperationsExamplesTest {

    private static final Path EXAMPLES = Path.of("src/examples/operations");

    private static final Pattern METER = Pattern.compile("\\b((?:camelody|jvm|process|system)_[a-z_]+)(\\{[^}]*})?");

    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(=~|!=|=)\"([^\"]*)\"");

    private static final Pattern GROUPED = Pattern.compile("by \\(([a-z, ]+)\\)");

    /** Those that Prometheus itself adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "le");

    @TempDir
    private Path folder;

    @Test
    void theDashboardAsksForMetersThatThereAre() throws IOException {
        JsonNode dashboard = Json.parse(Files.readString(EXAMPLES.resolve("grafana-dashboard.json")));
        List<String> expressions = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
        }

        assertThat(dashboard.path("title").asText()).isEqualTo("Camelody");
        assertThat(expressions).hasSizeGreaterThan(15);
        demandThatTheyAreThere(expressions);
    }

    @Test
    void theAlertsDoSoToo() throws IOException {
        JsonNode rules = new YAMLMapper().readTree(Files.readString(EXAMPLES.resolve("prometheus-rules.yaml")));
        List<String> expressions = new ArrayList<>();
        for (JsonNode rule : rules.path("groups").path(0).path("rules")) {
            assertThat(rule.path("alert").asText()).startsWith("Camelody");
            assertThat(rule.path("labels").path("severity").asText()).isIn("page", "warn");
            assertThat(rule.path("annotations").path("summary").asText()).isNotBlank();
            expressions.add(rule.path("expr").asText());
        }

        assertThat(expressions).hasSizeGreaterThan(8);
        expressions.remove("up{job=\"camelody\"} == 0");
        demandThatTheyAreThere(expressions);
    }

    @Test
    void theServiceLeavesAStopItsTimeAndKnowsTheExitCodes() throws IOException {
        List<String> lines = Files.readAllLines(EXAMPLES.resolve("camelody.service"));

        assertThat(lines).allMatch(line -> line.matches("#.*|\\[[A-Z][a-z]+]|[A-Z][A-Za-z]+=.*|"));
        assertThat(lines)
                .contains(
                        "[Unit]", "[Service]", "[Install]", "Type=exec", "NoNewPrivileges=yes", "ProtectSystem=strict")
                .contains("ExecStart=/opt/camelody/camelody run", "EnvironmentFile=/etc/camelody/keys.env")
                .contains("SuccessExitStatus=130", "RestartPreventExitStatus=2", "TimeoutStopSec=30");
    }

    @Test
    void theContainerRunsAsNobodyOfImportance() throws IOException {
        String file = Files.readString(EXAMPLES.resolve("Containerfile"));

        assertThat(file)
                .contains("FROM docker.io/library/eclipse-temurin:25-jdk AS build", "USER 10001:10001")
                .contains("VOLUME /srv/camelody", "STOPSIGNAL SIGTERM", "HEALTHCHECK", "/health/live")
                .doesNotContain("API_KEY=", "TOKEN=");
        assertThat(file.lastIndexOf("USER ")).as("before it starts").isLessThan(file.indexOf("ENTRYPOINT"));
    }

    private void demandThatTheyAreThere(List<String> expressions) {
        List<String> samples = scrape();
        for (String expression : expressions) {
            Set<String> labels = new HashSet<>();
            Matcher meter = METER.matcher(expression);
            boolean found = false;
            while (meter.find()) {
                found = true;
                List<String> of = samples.stream()
                        .filter(line -> line.startsWith(meter.group(1) + "{") || line.startsWith(meter.group(1) + " "))
                        .toList();
                assertThat(of)
                        .as("samples of %s, in %s", meter.group(1), expression)
                        .isNotEmpty();
                of.forEach(line -> labels.addAll(labels(line)));
                demandLabels(Optional.ofNullable(meter.group(2)).orElse(""), of, expression);
            }
            assertThat(found).as(expression).isTrue();
            Matcher grouped = GROUPED.matcher(expression);
            while (grouped.find()) {
                labels.addAll(OF_PROMETHEUS);
                assertThat(labels).as(expression).contains(grouped.group(1).split(", "));
            }
        }
    }

    /** Each value that is asked for is one that the meter has, or may have where it is not all told before. */
    private static void demandLabels(String selector, List<String> samples, String expression) {
        Matcher label = LABEL.matcher(selector);
        while (label.find()) {
            String name = label.group(1);
            if (OF_PROMETHEUS.contains(name)) {
                continue;
            }
            for (String value : label.group(3).split("\\|")) {
                assertThat(samples)
                        .as("%s=%s, in %s", name, value, expression)
                        .anyMatch(line -> line.contains(name + "=\"" + value + "\""));
            }
        }
    }

    private static Set<String> labels(String sample) {
        Set<String> names = new HashSet<>();
        Matcher label = LABEL.matcher(sample);
        while (label.find()) {
            names.add(label.group(1));
        }
        return names;
    }

    /** Of a process in which each kind of thing has happened. */
    private List<String> scrape() {
        try (SongLedger ledger =
                        SongLedger.openForWork("jdbc:sqlite:" + folder.resolve("ledger.db"), Clock.systemUTC());
                Exposition exposition =
                        new Exposition(Map.of("data", () -> OptionalLong.of(1), "songs", OptionalLong::empty))) {
            SongRuntime runtime = new SongRuntime(
                    ledger,
                    new SongLedger.Scope(false, Optional.empty()),
                    TestVendors.vendors(List.of("foxai"), Map.of()),
                    new WorkSettings(
                            Duration.ofMinutes(20),
                            Duration.ofMinutes(5),
                            3,
                            Duration.ZERO,
                            List.of("file"),
                            Optional.empty(),
                            WebhookSettings.none()),
                    new SongRuntime.Time(Clock.systemUTC(), new Random(1)));
            SongMeters meters = new SongMeters(exposition.registry(), runtime);
            for (ErrorClass failure : ErrorClass.values()) {
                meters.called("foxai", Step.SONG, Call.SUBMIT, Optional.of(failure), Duration.ofSeconds(1));
            }
            meters.called("foxai", Step.SONG, Call.POLL, Optional.empty(), Duration.ofSeconds(1));
            return exposition.scrape().lines().toList();
        }
    }
}
