package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.request.Json;
import io.camelody.request.RequestRules;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say, held against the project. */
class PagesTest {

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

    @Test
    void everyLinkWithinTheProjectLeadsSomewhere() throws IOException {
        for (Path page : Fences.pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                assertThat(page.resolveSibling(links.group(1)))
                        .as("%s links", page)
                        .exists();
            }
        }
    }

    @Test
    void everyRequestThatIsShownIsAGoodOne() throws IOException {
        RequestRules rules = new RequestRules();
        long shown = Fences.in("json")
                .flatMap(fence -> fence.lines().stream())
                .map(Json::parse)
                .map(rules::check)
                .count();

        assertThat(shown).isPositive();
    }

    @Test
    void everySettingThatIsShownIsOneOfTheReference() throws IOException {
        Properties reference = new Properties();
        reference.load(new StringReader(Files.readString(Path.of("config/application.properties"))));
        Stream<String> shown = Stream.concat(
                Fences.in("properties").flatMap(fence -> fence.lines().stream()),
                Fences.in("diff")
                        .flatMap(fence -> fence.lines().stream())
                        .filter(line -> line.startsWith("+camelody."))
                        .map(line -> line.substring(1)));

        assertThat(shown.filter(line -> line.startsWith("camelody."))
                        .map(line -> line.split("=", 2)[0].strip())
                        .map(name -> name.replaceFirst("camelody\\.(acme|larksong)\\.", "camelody.foxai.")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(reference).containsKey(name));
    }

    @Test
    void theLinesThatTheReadmeChangesStandInTheShippedRoute() throws IOException {
        String route = Files.readString(Path.of("routes/vendors/foxai.camel.yaml"));

        assertThat(Fences.in("diff").flatMap(fence -> fence.lines().stream()).filter(line -> line.startsWith("-")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(route).contains(line.substring(1).strip()));
    }

    @Test
    void continuousIntegrationRunsTheTestCommandOfTheReadme() throws IOException {
        assertThat(Files.readString(Path.of("README.md"))).contains("```sh\n./mvnw verify\n```");
        assertThat(Files.readString(Path.of(".ci/run"))).contains("./mvnw -B verify");
    }
}
