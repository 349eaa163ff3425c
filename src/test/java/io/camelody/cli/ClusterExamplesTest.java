package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelody.request.Json;
import io.camelody.settings.PropertyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/examples/cluster}, held against the program and its image. */
class ClusterExamplesTest {

    private static final Path EXAMPLES = Path.of("src/examples/cluster");

    private static final Path IMAGE = Path.of("src/examples/operations/Containerfile");

    private static final String HOME = "/srv/camelody";

    /** What a stop takes at most, in seconds: the routes', the ledger's and a moment. */
    private static final int STOP = 10;

    @TempDir
    Path home;

    @Test
    void nodesReadTheirSettingsAndSecrets() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.copy(EXAMPLES.resolve("application.properties"), home.resolve("config/application.properties"));
        Map<String, String> environment =
                environment().stream().collect(Collectors.toMap(name -> name, name -> "0123456789abcdef-" + name));

        Workplace place = Workplace.read(home, environment, Map.of());

        assertThat(place.warnings()).isEmpty();
        assertThat(place.ledgerUrl()).isEqualTo("jdbc:postgresql://postgres:5432/camelody");
        assertThat(place.http()).isPresent();
        assertThat(place.vendors().withKey()).hasSameSizeAs(place.vendors().all());
        assertThat(place.songs()).isEqualTo(Path.of(HOME + "/shared/songs"));
        assertThat(environment)
                .containsKeys(
                        PropertyFiles.variable("camelody.ledger.password"),
                        PropertyFiles.variable("camelody.http.token"));
    }

    @Test
    void noSecretStandsInTheFiles() throws IOException {
        assertThat(Files.readAllLines(EXAMPLES.resolve("camelody.env.example")))
                .allMatch(line -> line.startsWith("#") || line.endsWith("="));
        assertThat(Files.readString(Path.of(".gitignore"))).contains("/src/examples/cluster/camelody.env");
        assertThat(Files.readString(Path.of(".dockerignore"))).contains("**/camelody.env");
    }

    @Test
    void composeFileRunsTheImageOnTheSharedFolder() throws IOException {
        JsonNode compose = yaml("compose.yaml").get(0);
        JsonNode node = compose.path("x-node");

        assertThat(node.path("read_only").asBoolean()).isTrue();
        assertThat(node.path("user").textValue()).isEqualTo(user());
        assertThat(EXAMPLES.resolve(node.at("/build/context").textValue())
                        .resolve(node.at("/build/dockerfile").textValue()))
                .isRegularFile();
        assertThat(texts(node.path("volumes")))
                .containsExactly(
                        "./application.properties:%s/config/application.properties:ro".formatted(HOME),
                        "./shared:%s/shared".formatted(HOME));
        assertThat(node.path("env_file").textValue() + ".example").isEqualTo("camelody.env.example");
        assertThat(node.path("stop_grace_period").textValue()).isEqualTo("30s");
        for (String bound : List.of("mem_limit", "cpus", "pids_limit")) {
            assertThat(node.has(bound)).as(bound).isTrue();
        }
        for (String name : List.of("node-1", "node-2", "node-3")) {
            JsonNode each = compose.path("services").path(name);
            assertThat(each.path("<<").textValue()).isEqualTo("node");
            assertThat(texts(each.path("ports"))).singleElement().asString().endsWith(":" + port());
        }
        assertThat(compose.at("/services/postgres/healthcheck/test").isArray()).isTrue();
        assertThat(compose.at("/services/postgres/environment/POSTGRES_PASSWORD")
                        .textValue())
                .startsWith("${CAMELODY_LEDGER_PASSWORD:?");
    }

    @Test
    void podsRunTheImageAsItWantsToBeRun() throws IOException {
        JsonNode deployment = kubernetes("Deployment");
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");

        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(pod.at("/securityContext/runAsUser").asInt() + ":"
                        + pod.at("/securityContext/runAsGroup").asInt())
                .isEqualTo(user());
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(Files.readString(IMAGE)).contains("ENTRYPOINT [\"/opt/camelody/camelody\"]", "WORKDIR " + HOME);
        assertThat(texts(container.path("args"))).singleElement().satisfies(command -> assertThat(
                        Camelody.commandLine().getSubcommands())
                .containsKey(command));
        assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(port());
        assertThat(container.path("envFrom").findValuesAsText("name")).containsExactly("camelody");
        assertThat(each(container.path("volumeMounts"), mount -> mount.path("name")))
                .containsExactlyInAnyOrderElementsOf(each(pod.path("volumes"), volume -> volume.path("name")));
        assertThat(each(container.path("volumeMounts"), mount -> mount.path("mountPath")))
                .containsExactly(HOME, HOME + "/config", HOME + "/shared", "/tmp");
    }

    @Test
    void podsAreAskedWhatTheProgramAnswersAndHaveTheTimeToStop() throws IOException {
        JsonNode pod = kubernetes("Deployment").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        JsonNode api = Json.parse(Files.readString(Path.of("src/main/resources/camelody/openapi.json")));

        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = container.path(probe).path("httpGet");
            assertThat(api.path("paths").has(get.path("path").textValue()))
                    .as(probe)
                    .isTrue();
            assertThat(get.path("port").textValue())
                    .isEqualTo(container.at("/ports/0/name").textValue());
        }
        assertThat(container.at("/livenessProbe/httpGet/path").textValue()).isEqualTo("/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").textValue()).isEqualTo("/health/ready");
        int waits = container.at("/lifecycle/preStop/exec/command/1").asInt();
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(waits + STOP);
        assertThat(Integer.parseInt(shipped("camel.main.shutdownTimeout"))).isLessThan(STOP);
    }

    @Test
    void manifestsNameOneAnother() throws IOException {
        JsonNode kustomization = yaml("kustomization.yaml").get(0);
        JsonNode pod = kubernetes("Deployment").at("/spec/template/spec");
        JsonNode labels = kubernetes("Deployment").at("/spec/template/metadata/labels");

        assertThat(texts(kustomization.path("resources")))
                .allSatisfy(file -> assertThat(EXAMPLES.resolve(file)).isRegularFile());
        assertThat(kustomization.at("/configMapGenerator/0/name").textValue())
                .isEqualTo(
                        pod.path("volumes").findValue("configMap").path("name").textValue());
        assertThat(texts(kustomization.at("/configMapGenerator/0/files"))).containsExactly("application.properties");
        assertThat(kustomization.at("/secretGenerator/0/name").textValue()).isEqualTo("camelody");
        assertThat(kustomization.at("/images/0/name").textValue())
                .isEqualTo(pod.at("/containers/0/image").textValue());
        assertThat(pod.path("volumes").findValue("claimName").textValue())
                .isEqualTo(
                        kubernetes("PersistentVolumeClaim").at("/metadata/name").textValue());
        assertThat(texts(kubernetes("PersistentVolumeClaim").at("/spec/accessModes")))
                .containsExactly("ReadWriteMany");
        assertThat(kubernetes("Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(kubernetes("PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
    }

    private static JsonNode kubernetes(String kind) throws IOException {
        return yaml("kubernetes.yaml").stream()
                .filter(each -> kind.equals(each.path("kind").textValue()))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static List<JsonNode> yaml(String file) throws IOException {
        YAMLMapper mapper = new YAMLMapper();
        try (var parser = new YAMLFactory().createParser(EXAMPLES.resolve(file).toFile())) {
            List<JsonNode> all = new ArrayList<>();
            mapper.readerFor(JsonNode.class).<JsonNode>readValues(parser).forEachRemaining(all::add);
            return all;
        }
    }

    private static List<String> environment() throws IOException {
        return Files.readAllLines(EXAMPLES.resolve("camelody.env.example")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("=.*", ""))
                .toList();
    }

    /** Whom the image runs as. */
    private static String user() throws IOException {
        return line(IMAGE, "USER ");
    }

    private static String port() throws IOException {
        assertThat(shipped("camelody.http.port")).isEqualTo(line(IMAGE, "EXPOSE "));
        return line(IMAGE, "EXPOSE ");
    }

    private static String shipped(String setting) throws IOException {
        return line(Path.of("config/application.properties"), setting + " = ");
    }

    private static String line(Path file, String begins) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(begins))
                .findFirst()
                .orElseThrow()
                .substring(begins.length());
    }

    private static List<String> texts(JsonNode array) {
        return each(array, text -> text);
    }

    private static List<String> each(JsonNode array, Function<JsonNode, JsonNode> part) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(part)
                .map(JsonNode::textValue)
                .toList();
    }
}
