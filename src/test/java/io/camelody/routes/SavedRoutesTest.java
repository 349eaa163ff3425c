package io.camelody.routes;

import static io.camelody.routes.VendorRoutes.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import io.camelody.testkit.FakeVendor.Heard;
import io.camelody.testkit.SavedRoutes;
import io.camelody.vendor.SubmitAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A route file that a tool has read and saved still means what it meant. */
final class SavedRoutesTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @TempDir
    private Path folder;

    static Stream<Path> files() throws IOException {
        return Stream.concat(RouteFilesTest.files().stream(), RouteFilesTest.examples().stream());
    }

    /** Camel 4.18 cannot write the expression language method. */
    static Stream<Path> filesThatCamelCanWrite() throws IOException {
        return files().filter(file -> !file.endsWith("s3.camel.yaml") && !file.endsWith("intake-folder.camel.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatAnEditorSavesIsWhatItRead(Path file) throws Exception {
        String saved = SavedRoutes.byAnEditor(file);

        assertThat(SavedRoutes.meaning(saved)).isNotEmpty().isEqualTo(SavedRoutes.meaning(Files.readString(file)));
    }

    /** But for descriptions, which it leaves out, as it does what route configurations do. */
    @ParameterizedTest
    @MethodSource("filesThatCamelCanWrite")
    void whatCamelWritesIsWhatItRead(Path file) throws Exception {
        List<String> written = SavedRoutes.meaning(SavedRoutes.byCamel(file));

        List<String> read = SavedRoutes.meaning(Files.readString(file)).stream()
                .filter(each -> !each.startsWith("<routeConfiguration"))
                .map(each -> each.replaceAll(" description=\"[^\"]*\"", ""))
                .toList();
        assertThat(written).isNotEmpty().isEqualTo(read);
    }

    @Test
    void savedVendorsSayAndUnderstandTheSame() throws Exception {
        List<String> shipped = exchanges(Save.NOT);

        assertThat(shipped.toString()).contains(key("foxai"), key("senseaudio"), key("sunomusic"), "succeeded", "RATE");
        assertThat(exchanges(Save.BY_AN_EDITOR)).isEqualTo(shipped);
        assertThat(exchanges(Save.BY_CAMEL)).isEqualTo(shipped);
    }

    private enum Save {
        NOT,
        BY_AN_EDITOR,
        BY_CAMEL
    }

    /** @return what the vendors heard, and what was made of their answers */
    private List<String> exchanges(Save save) throws Exception {
        Path saved = Files.createDirectory(folder.resolve(save.name()));
        for (String vendor : List.of("foxai", "senseaudio", "sunomusic")) {
            Path file = Path.of("routes/vendors", vendor + ".camel.yaml");
            Files.writeString(
                    saved.resolve(file.getFileName()),
                    switch (save) {
                        case NOT -> Files.readString(file);
                        case BY_AN_EDITOR -> SavedRoutes.byAnEditor(file);
                        case BY_CAMEL -> SavedRoutes.byCamel(file);
                    });
        }
        Path errors = Path.of("routes/errors.camel.yaml");
        Files.writeString(
                saved.resolve("errors.camel.yaml"),
                save == Save.BY_AN_EDITOR ? SavedRoutes.byAnEditor(errors) : Files.readString(errors));
        VendorRoutes routes = new VendorRoutes(VENDOR.url(), Map.of()).of(saved);
        routes.beforeAll(null);
        try {
            List<String> said = new ArrayList<>();
            said.addAll(exchange(routes, "foxai", "[{\"task_id\": \"t\", \"status\": \"completed\"}]"));
            said.addAll(exchange(routes, "senseaudio", "{\"task_id\": \"t\", \"status\": \"SUCCESS\"}"));
            said.addAll(exchange(
                    routes, "sunomusic", "{\"code\": 200, \"data\": [{\"id\": \"t\", \"status\": \"success\"}]}"));
            return said;
        } finally {
            routes.afterAll(null);
        }
    }

    private static List<String> exchange(VendorRoutes routes, String vendor, String ended) {
        VENDOR.answers("{\"task_id\": \"t\"}").answers(ended).answers(429, "{\"message\": \"too many requests\"}");
        int heardBefore = VENDOR.heard().size();
        String request = "{\"prompt\": \"a waltz\", \"style\": \"folk\", \"instrumental\": true}";
        SubmitAnswer submitted = routes.submitSong(vendor, request);
        String polled = routes.pollOne(vendor, "song", "t").toString();
        SubmitAnswer refused = routes.submitSong(vendor, request);
        return Stream.concat(
                        VENDOR.heard().stream().skip(heardBefore).map(SavedRoutesTest::line),
                        Stream.of(submitted.toString(), polled, refused.toString()))
                .toList();
    }

    private static String line(Heard heard) {
        String key =
                heard.headers().getOrDefault("authorization", heard.headers().get("api-key"));
        String body = heard.body().isEmpty() ? "" : Json.parse(heard.body()).toString();
        return String.join(
                " ", heard.line(), key, String.valueOf(heard.headers().get("content-type")), body);
    }
}
