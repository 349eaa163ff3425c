package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk of {@code add-a-vendor.md}, each of its blocks taken as it stands. */
class AddAVendorTest {

    private static final Path PAGE = Path.of("src/docs/add-a-vendor.md");

    @TempDir
    Path home;

    @Test
    void whoFollowsThePageHasAVendorThatMakesSongs() throws IOException {
        Path file = home.resolve("routes/vendors/larksong.camel.yaml");
        Path samples = home.resolve("routes/vendors/larksong.samples");
        List<String> commands =
                fences("sh").stream().flatMap(fence -> fence.lines().stream()).toList();
        assertThat(commands)
                .containsExactly(
                        "camelody new vendor larksong",
                        "export LARKSONG_API_KEY=any",
                        "camelody check --vendor larksong",
                        "camelody check --vendor larksong",
                        "echo '{\"prompt\": \"a song about rain\", \"style\": \"jazz\"}' > rain.jsonl",
                        "camelody batch rain.jsonl --vendor larksong --sandbox");

        assertThat(run(commands.get(0)).code()).isZero();
        assertThat(check(commands.get(2)).code()).as("of the start").isZero();

        try (Stream<Path> made = Files.list(samples)) {
            for (Path sample : made.toList()) {
                Files.delete(sample);
            }
        }
        for (Fences sample : yaml("routes/vendors/larksong.samples/")) {
            Files.writeString(home.resolve(title(sample)), sample.text());
        }
        Files.writeString(
                home.resolve("config/application.properties"),
                fences("properties").get(0).text());
        Ran before = check(commands.get(3));
        assertThat(before.code()).isEqualTo(2);
        assertThat(before.out()).contains(fences("text").get(0).text().strip());

        String text = Files.readString(file);
        for (String route : List.of("song-submit", "song-poll", "errors")) {
            text = withSteps(text, route, yaml(route).get(0).text());
        }
        Files.writeString(file, text);
        Ran after = check(commands.get(3));
        assertThat(after.out()).contains("larksong keeps it: 5 recorded calls").contains("Nothing is bad.");

        String[] echo = commands.get(4).split("'");
        Files.writeString(home.resolve("rain.jsonl"), echo[1] + "\n");
        Ran songs = run(
                commands.get(5).replace("rain.jsonl", home.resolve("rain.jsonl").toString()));
        assertThat(songs.code()).as(songs.out()).isZero();
    }

    private Ran check(String command) {
        return run(command + " --property camelody.larksong.api-key=any");
    }

    private Ran run(String command) {
        List<Object> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        words.addAll(List.of("--home", home));
        return Ran.camelody(words.subList(1, words.size()).toArray());
    }

    /** The steps of a route are taken out but for {@code removeHeaders}, and these put in. */
    private static String withSteps(String text, String route, String steps) {
        int begin = text.indexOf("      steps:\n", text.indexOf("id: camelody-larksong-" + route))
                + "      steps:\n".length();
        int end = text.indexOf("\n- route:", begin) + 1;
        String rest = end > 0 ? text.substring(end) : "";
        String kept = "        - removeHeaders:\n            pattern: \"*\"\n";
        String first = text.startsWith(kept, begin) ? kept : "";
        return text.substring(0, begin)
                + first
                + steps.lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> " ".repeat(8) + line + "\n")
                        .reduce("", String::concat)
                + rest;
    }

    private static List<Fences> yaml(String title) throws IOException {
        return fences("yaml").stream()
                .filter(fence -> title(fence).startsWith(title))
                .toList();
    }

    private static String title(Fences fence) {
        return fence.lines().get(0).substring(2);
    }

    private static List<Fences> fences(String language) throws IOException {
        return Fences.in(language).stream()
                .filter(fence -> fence.page().equals(PAGE))
                .toList();
    }
}
