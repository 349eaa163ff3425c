package io.camelody.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.request.RequestRules;
import io.camelody.request.SongRequest;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.Settings;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Answers;
import io.camelody.vendor.CallWatch;
import io.camelody.vendor.HttpErrors;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorBody;
import io.camelody.vendor.VendorHttp;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The shipped files of the vendors in a Camel of their own, with the beans that the engine binds and every setting as it
 * ships but for the addresses and the keys. Exchanges are sent as the {@code song:} consumers send them.
 */
final class VendorRoutes implements BeforeAllCallback, AfterAllCallback {

    static final String NOW = "2026-11-20T10:00:00Z";

    private static final RequestRules RULES = new RequestRules();

    private final Main main = new Main();
    private final PropertyFiles properties;
    private ProducerTemplate calls;

    /** @param url where all three vendors are, each under the path of its document */
    VendorRoutes(String url, Map<String, String> overrides) {
        this(url, overrides, new VendorHttp());
    }

    VendorRoutes(String url, Map<String, String> overrides, VendorHttp http) {
        Map<String, String> all = new HashMap<>(Map.of(
                "camelody.senseaudio.base-url", url,
                "camelody.sunomusic.base-url", url + "/v1/music",
                "camelody.foxai.base-url", url + "/api/v2"));
        for (String vendor : List.of("senseaudio", "sunomusic", "foxai")) {
            all.put("camelody." + vendor + ".api-key", key(vendor));
        }
        all.putAll(overrides);
        properties = PropertyFiles.load(Path.of("no home"), Map.of(), all);
        main.setPropertyPlaceholderLocations("false");
        properties.all().forEach(main::addInitialProperty);
        main.configure()
                .withRoutesIncludePattern(
                        "classpath:camelody/routes/errors.camel.yaml,classpath:camelody/routes/vendors/*.camel.yaml");
        main.bind("camelodyHttpErrors", new HttpErrors(Clock.fixed(Instant.parse(NOW), ZoneOffset.UTC)));
        main.bind("camelodyVendorHttp", http);
        main.bind("camelodyStatusHttp", http.keeping());
        main.bind("camelodyCallWatch", new CallWatch());
    }

    /** Runs other files than those that ship. */
    VendorRoutes of(Path folder) {
        main.configure().withRoutesIncludePattern("file:" + folder + "/*.camel.yaml");
        return this;
    }

    static String key(String vendor) {
        return "the-key-of-" + vendor;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        main.start();
        calls = main.getCamelContext().createProducerTemplate();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        main.stop();
    }

    VendorSettings settings(String vendor) {
        return VendorSettings.read(vendor, new Settings(properties::find, name -> name));
    }

    /** What the song step of this request hands to the vendor's file. */
    ObjectNode body(String vendor, String request) {
        SongRequest checked = RULES.check(Json.parse(request));
        return VendorBody.ofSong(checked, settings(vendor), Optional.empty()).json();
    }

    /** What the song step hands over once the lyrics step has {@code written}. */
    ObjectNode bodyAfterLyrics(String vendor, String request, String written) {
        SongRequest checked = RULES.check(Json.parse(request));
        return VendorBody.ofSong(checked, settings(vendor), Optional.of((ObjectNode) Json.parse(written)))
                .json();
    }

    /** Submits the song step of a request. */
    SubmitAnswer submitSong(String vendor, String request) {
        return readSubmit(vendor, sendSubmit(vendor, "song", body(vendor, request), Map.of()));
    }

    /** Submits the song step of a request to a vendor that may call back. */
    SubmitAnswer submitSong(String vendor, String request, String callbackUrl) {
        Map<String, Object> variables = Map.of("callbackUrl", callbackUrl);
        return readSubmit(vendor, sendSubmit(vendor, "song", body(vendor, request), Map.of(), variables));
    }

    /** Submits the lyrics step of a request. */
    SubmitAnswer submitLyrics(String vendor, String request) {
        SongRequest checked = RULES.check(Json.parse(request));
        return readSubmit(vendor, sendSubmit(vendor, "lyrics", VendorBody.ofLyrics(checked), Map.of()));
    }

    /** What the consumer makes of an exchange that was sent to a vendor. */
    SubmitAnswer readSubmit(String vendor, Exchange exchange) {
        return Answers.ofSubmit(exchange, settings(vendor));
    }

    /** @param headers that somebody before the route has left */
    Exchange sendSubmit(String vendor, String step, JsonNode body, Map<String, Object> headers) {
        return sendSubmit(vendor, step, body, headers, Map.of());
    }

    private Exchange sendSubmit(
            String vendor, String step, JsonNode body, Map<String, Object> headers, Map<String, Object> variables) {
        return calls.send("direct:camelody-" + vendor + "-" + step + "-submit", exchange -> {
            exchange.setVariable("vendor", vendor);
            exchange.setVariable("step", step);
            exchange.setVariable("songId", "song-1");
            variables.forEach(exchange::setVariable);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            exchange.getMessage().setBody(body);
            CallWatch.watch(exchange);
        });
    }

    /** @throws io.camelody.vendor.VendorCallException if the call brought no answer */
    Map<String, TaskAnswer> poll(String vendor, String step, String... taskIds) {
        return Answers.ofPoll(sendPoll(vendor, step, Map.of(), taskIds), settings(vendor));
    }

    /** The only task of a status answer about it. */
    TaskAnswer pollOne(String vendor, String step, String taskId) {
        return Optional.ofNullable(poll(vendor, step, taskId).get(taskId)).orElseThrow();
    }

    Exchange sendPoll(String vendor, String step, Map<String, Object> headers, String... taskIds) {
        return calls.send("direct:camelody-" + vendor + "-" + step + "-poll", exchange -> {
            exchange.setVariable("vendor", vendor);
            exchange.setVariable("step", step);
            exchange.setVariable("taskIds", String.join(",", taskIds));
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            exchange.getMessage().setBody(Json.MAPPER.valueToTree(Arrays.asList(taskIds)));
        });
    }
}
