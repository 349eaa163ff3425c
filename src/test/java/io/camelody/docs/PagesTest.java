package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.request.RequestRules;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What the pages say, held against the project. */
class PagesTest {

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");

    private static final Path README = Path.of("README.md");

    /** Which test reads or runs the blocks of a language. */
    private static final Map<String, String> READ_BY = Map.of(
            "sh", "FollowedPagesTest, and ReadmeIT the calls over HTTP",
            "console", "ReadmeIT",
            "properties", "this one and FollowedPagesTest",
            "diff", "FollowedPagesTest",
            "json", "this one",
            "text", "this one the README's, AddAVendorTest and EstatesIT those of their pages",
            "xml", "this one",
            "yaml", "YamlFencesTest",
            "java", "JavaFencesTest");

    static List<Path> pages() throws IOException {
        return Fences.pages();
    }

    @Test
    void everyBlockIsInALanguageThatATestReads() throws IOException {
        assertThat(Fences.all()).allSatisfy(fence -> assertThat(READ_BY)
                .as("%s: write the language behind the fence, and teach a test to read it", fence)
                .containsKey(fence.language()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkWithinTheProjectLeadsSomewhere(Path page) throws IOException {
        Matcher links = LINK.matcher(Files.readString(page));
        while (links.find()) {
            Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1));
            assertThat(target).as("%s links", page).exists();
            if (links.group(2) != null) {
                assertThat(anchors(target)).as("%s links to %s", page, target).contains(links.group(2));
            }
        }
    }

    @Test
    void everyPageIsLinkedFromTheReadmeOrFromAPageBesideIt() throws IOException {
        Set<Path> linked = new HashSet<>(Set.of(Path.of("README.md")));
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                Path target = page.resolveSibling(links.group(1)).normalize();
                linked.add(target);
                linked.add(target.resolve("README.md"));
            }
        }

        assertThat(pages().stream().filter(page -> !linked.contains(page)))
                .as("pages that nobody finds")
                .isEmpty();
    }

    @Test
    void everyRequestThatIsShownIsAGoodOne() throws IOException {
        RequestRules rules = new RequestRules();

        assertThat(Fences.in("json")).isNotEmpty().allSatisfy(fence -> assertThatCode(
                        () -> requests(fence).forEach(rules::check))
                .as("%s", fence)
                .doesNotThrowAnyException());
    }

    @Test
    void everyFieldOfARequestStandsInTheReadme() throws IOException {
        Json.parse(Files.readString(Path.of("src/main/resources/camelody/request.schema.json")))
                .path("properties")
                .fieldNames()
                .forEachRemaining(field -> assertThat(README).content().contains("`" + field + "`"));
    }

    @Test
    void everySettingThatIsShownIsOneOfTheReference() throws IOException {
        Properties reference = new Properties();
        reference.load(new StringReader(Files.readString(Path.of("config/application.properties"))));
        Set<String> families = reference.stringPropertyNames().stream()
                .map(SettingsFile::family)
                .collect(Collectors.toSet());
        families.addAll(reference.stringPropertyNames());

        for (Fences fence : Fences.in("properties")) {
            Properties shown = new Properties();
            shown.load(new StringReader(fence.text()));
            assertThat(shown.stringPropertyNames())
                    .as("%s", fence)
                    .allMatch(name -> families.contains(name)
                            || families.contains(name.replaceFirst("^camelody\\.[a-z0-9-]+\\.", "camelody.VENDOR.")));
        }
    }

    @Test
    void theDrawingShowsTheStatesOfASong() throws IOException {
        assertThat(Fences.of(README).stream().filter(fence -> fence.language().equals("text")))
                .isNotEmpty()
                .allSatisfy(fence -> {
                    String words = fence.text().replaceAll("[^a-z-]+", " ");
                    assertThat(SongState.words()).as("%s", fence).allMatch((" " + words + " ")::contains);
                });
    }

    @Test
    void everyDependencyThatIsShownIsThisVersionOfThisProject() throws Exception {
        Element project = xml(Files.readString(Path.of("pom.xml"))).getDocumentElement();

        for (Fences fence : Fences.in("xml")) {
            Element shown = xml("<shown>" + fence.text() + "</shown>").getDocumentElement();
            for (int i = 0; i < shown.getElementsByTagName("dependency").getLength(); i++) {
                Element dependency =
                        (Element) shown.getElementsByTagName("dependency").item(i);
                if (text(dependency, "groupId").startsWith("io.camelody")) {
                    assertThat(List.of("groupId", "artifactId", "version"))
                            .as("%s", fence)
                            .allSatisfy(
                                    part -> assertThat(text(dependency, part)).isEqualTo(text(project, part)));
                }
            }
        }
    }

    @Test
    void aChangeThatTheReadmeShowsHasTenLinesAtMost() throws IOException {
        assertThat(Fences.of(README).stream().filter(fence -> fence.language().equals("diff")))
                .hasSize(3)
                .allSatisfy(fence -> assertThat(new ShownDiff(fence).size()).isLessThanOrEqualTo(10));
    }

    @Test
    void continuousIntegrationRunsTheTestCommandOfTheReadme() throws IOException {
        assertThat(Files.readString(README)).contains("```sh\n./mvnw verify\n```");
        assertThat(Files.readString(Path.of(".ci/run"))).contains("./mvnw -B verify");
    }

    /** One document, or one a line. */
    private static Stream<JsonNode> requests(Fences fence) {
        return fence.text().startsWith("[")
                ? Stream.of(Json.parse(fence.text()))
                        .flatMap(array -> Stream.of(Json.MAPPER.convertValue(array, JsonNode[].class)))
                : fence.lines().stream().map(Json::parse);
    }

    /** The headings of a page as GitHub names them. */
    private static Set<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    /** Of the first child of this name, wherever below it stands; in a POM that is the project's own. */
    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent().strip();
    }
}
