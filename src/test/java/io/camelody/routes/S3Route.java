package io.camelody.routes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.Settings;
import io.camelody.sink.S3Settings;
import io.camelody.sink.S3Sink;
import io.camelody.sink.S3Store;
import io.camelody.testkit.S3Server;
import io.camelody.vendor.HttpErrors;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;

/** The shipped file of the s3 sink in a Camel of its own, every setting as it ships but for those of the server. */
final class S3Route implements AutoCloseable {

    private final Main main = new Main();
    private final S3Store store;
    private final Path stage;
    private final ProducerTemplate calls;

    S3Route(String url, Path stage, Map<String, String> overrides) {
        this.stage = stage;
        Map<String, String> all = new HashMap<>(Map.of(
                "camelody.s3.bucket",
                S3Server.BUCKET,
                "camelody.s3.prefix",
                "made/",
                "camelody.s3.endpoint",
                url,
                "camelody.s3.path-style",
                "true",
                "camelody.s3.access-key",
                S3Server.ACCESS_KEY,
                "camelody.s3.secret-key",
                S3Server.SECRET_KEY,
                "camelody.s3.part-bytes",
                Integer.toString(S3Settings.LEAST_PART)));
        all.putAll(overrides);
        PropertyFiles properties = PropertyFiles.load(Path.of("no home"), Map.of(), all);
        Settings settings = new Settings(properties::find, PropertyFiles::variable);
        S3Settings s3 = S3Settings.read(settings);
        settings.demandGood();
        store = S3Store.open(s3);
        main.setPropertyPlaceholderLocations("false");
        properties.all().forEach(main::addInitialProperty);
        main.configure()
                .withRoutesIncludePattern(
                        "classpath:camelody/routes/errors.camel.yaml,classpath:camelody/routes/sinks/s3.camel.yaml");
        main.bind("camelodyHttpErrors", new HttpErrors(Clock.systemUTC()));
        main.bind("camelodyS3Sink", new S3Sink(store, s3));
        main.bind("camelodyS3Client", store.client());
        main.start();
        calls = main.getCamelContext().createProducerTemplate();
    }

    static Exchange deliver(String url, Path stage, Map<String, String> overrides, ObjectNode song) {
        try (S3Route route = new S3Route(url, stage, overrides)) {
            return route.deliver(song);
        }
    }

    Exchange deliver(ObjectNode song) {
        return calls.send("direct:camelody-s3-sink", exchange -> {
            exchange.setVariable(
                    "folder", stage.resolve(song.path("id").asText()).toString());
            exchange.setVariable("songId", song.path("id").asText());
            exchange.getMessage().setBody(song);
        });
    }

    @Override
    public void close() {
        main.stop();
        store.close();
    }
}
