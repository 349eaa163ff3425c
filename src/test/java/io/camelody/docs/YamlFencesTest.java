package io.camelody.docs;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.serialization.YamlMapperFactory;
import io.camelody.cli.Ran;
import io.camelody.testkit.CamelSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML of the pages: routes, and steps of routes, are what Camel's schema allows and load beside the shipped ones. */
class YamlFencesTest {

    private static final Set<String> OF_A_FILE =
            Set.of("route", "routeConfiguration", "routeTemplate", "from", "beans");

    @TempDir
    Path home;

    static List<Fences> fences() throws IOException {
        return Fences.in("yaml");
    }

    @ParameterizedTest
    @MethodSource("fences")
    void whatIsShownIsGood(Fences fence) throws IOException {
        JsonNode shown = YamlMapperFactory.getInstance().readTree(fence.text());
        if (!shown.isArray() || !shown.path(0).isObject()) {
            assertThat(shown.isContainerNode()).as("%s is YAML", fence).isTrue();
            return;
        }
        boolean isFile = OF_A_FILE.contains(shown.path(0).fieldNames().next());
        String routes = isFile ? fence.text() : aRouteOf(fence.text());

        assertThat(CamelSchema.validate(YamlMapperFactory.getInstance().readTree(routes)))
                .as("%s", fence)
                .isEmpty();
        addSettingsOf(fence.page());
        assertThat(loads(routes)).as("%s", fence).isEmpty();
    }

    private static String aRouteOf(String steps) {
        return """
                - route:
                    id: shown
                    from:
                      uri: direct:shown
                      steps:
                """
                + steps.indent(steps.startsWith(" ") ? 0 : 8);
    }

    private void addSettingsOf(Path page) throws IOException {
        List<String> settings = Fences.of(page).stream()
                .filter(each -> each.language().equals("properties"))
                .map(Fences::text)
                .toList();
        Files.write(Files.createDirectories(home.resolve("config")).resolve("application.properties"), settings);
    }

    /** @return what check says against it */
    private String loads(String routes) throws IOException {
        Path folder = Files.createDirectories(home.resolve("routes"));
        Files.writeString(folder.resolve("shown.camel.yaml"), routes);

        Ran ran = camelody("check", "--home", home, "--property", "camelody.foxai.api-key=k");

        return ran.code() == 0 ? "" : ran.out() + ran.err();
    }
}
