package io.camelody.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.request.Json;
import io.camelody.settings.BadSettingsException;
import io.camelody.settings.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {

    private static final String POLL =
            """
            route: song-poll
            given: [t-1]
            call:
              method: get
              path: /record-info
              query: {taskId: t-1, page: 1}
              headers: {Authorization: Bearer test-key}
            answer:
              status: 201
              headers: {Retry-After: 7}
              body: {id: t-1, seconds: 12.5}
            leaves: [{taskId: t-1, status: succeeded}]
            """;

    @TempDir
    Path home;

    @Test
    void everyPartOfASampleIsRead() {
        Sample sample = Samples.read("acme", Map.of("poll", POLL)).all().get(0);

        assertThat(sample.name()).isEqualTo("poll");
        assertThat(sample.route()).isEqualTo(Sample.Route.SONG_POLL);
        assertThat(sample.givenIds()).containsExactly("t-1");
        assertThat(sample.call().method()).contains("GET");
        assertThat(sample.call().path()).contains("/record-info");
        assertThat(sample.call().query()).containsOnly(Map.entry("taskId", "t-1"), Map.entry("page", "1"));
        assertThat(sample.call().headers()).containsOnly(Map.entry("Authorization", "Bearer test-key"));
        assertThat(sample.call().body()).isEmpty();
        assertThat(sample.answer().status()).isEqualTo(201);
        assertThat(sample.answer().headers())
                .containsOnly(Map.entry("Retry-After", "7"), Map.entry("Content-Type", "application/json"));
        assertThat(sample.answer().json()).isEqualTo(Json.parse("{\"id\": \"t-1\", \"seconds\": 12.5}"));
        assertThat(sample.task("succeeded")).isPresent();
        assertThat(sample.task("running")).isEmpty();
    }

    @Test
    void aTextIsSentAsItCameAndNothingAsNothing() {
        String submit = "route: song-submit\ngiven: {prompt: rain}\nleaves: {error: {class: unknown}}\n";

        Sample page = Samples.read("acme", Map.of("a", submit + "answer: {status: 503, body: <html>}"))
                .all()
                .get(0);
        Sample nothing = Samples.read("acme", Map.of("a", submit)).all().get(0);

        assertThat(page.answer().body()).isEqualTo("<html>");
        assertThat(page.answer().json().isMissingNode()).isTrue();
        assertThat(nothing.answer()).isEqualTo(new Sample.Answer(200, Map.of("Content-Type", "text/plain"), ""));
    }

    @Test
    void everythingThatIsWrongIsSaidWithItsFile() {
        Map<String, String> texts = Map.of(
                "a", "route: song-pol\ngiven: {}\nleaves: []\nanswr: {}\n",
                "b", "route: song-poll\ngiven: {prompt: rain}\ncall: {metod: GET}\nanswer: {status: ok}\n",
                "c", "route: [\n",
                "d", "- route\n");

        assertThatThrownBy(() -> Samples.read("acme", texts))
                .isInstanceOfSatisfying(BadSettingsException.class, e -> assertThat(e.problems())
                        .containsExactlyInAnyOrder(
                                place("a") + "Unknown member answr; did you mean answer?",
                                place("a")
                                        + "Expected route to be one of song-submit, song-poll, lyrics-submit, lyrics-poll, got: \"song-pol\".",
                                place("b") + "Expected given to be a list of task ids.",
                                place("b") + "Expected leaves to be what the route leaves, got: nothing.",
                                place("b") + "Unknown member call.metod; did you mean call.method?",
                                place("b") + "Expected status to be a number from 200 to 599, got: \"ok\".",
                                place("c") + "It is no YAML: while parsing a flow node (line: 1)",
                                place("d") + "Expected a map of route, given, call, answer and leaves."));
    }

    @Test
    void samplesLieBesideTheFileInTheHome() throws IOException {
        write("routes/vendors/acme.camel.yaml", "[]");
        write("routes/vendors/acme.samples/poll.yaml", POLL);
        write("routes/vendors/acme.samples/notes.txt", "");
        write("routes/vendors/foxai.camel.yaml", "[]");
        RouteFiles files = RouteFiles.find(home);

        assertThat(files.vendors()).containsExactly("acme", "foxai", "senseaudio", "sunomusic");
        assertThat(files.byName().keySet()).noneMatch(name -> name.contains(".samples/"));
        assertThat(Samples.read("acme", files).all()).extracting(Sample::name).containsExactly("poll");
        assertThat(Samples.read("foxai", files).all())
                .as("a file of the home's own is not held against what was shipped")
                .isEmpty();
        assertThat(Samples.read("nobody", files).all()).isEqualTo(List.of());
    }

    private void write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String place(String name) {
        return "routes/vendors/acme.samples/" + name + ".yaml: ";
    }
}
