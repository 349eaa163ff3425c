package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.sample.Sample;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.CallWatch;
import io.camelody.vendor.HttpErrors;
import io.camelody.vendor.VendorHttp;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * The routes of a vendor's file in a Camel of their own, run with exchanges as the {@code song:} endpoints make them, against a
 * vendor on loopback. Routes that begin with anything but {@code direct:} do not start. One thread uses it.
 */
final class RunningVendor implements AutoCloseable {

    private static final String STRAY = "x-stray";

    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Pattern ADDRESS = Pattern.compile("https?:/*([^/?]+)");
    private static final long MOST = 8 << 20;

    private final VendorSettings settings;
    private final Map<String, String> files;
    private final Loopback vendor;
    private final Main main = new Main();
    private final ProducerTemplate calls;

    /**
     * @param properties with the vendor at the loopback's address
     * @param files to load, where Camel finds them, by their names under {@code routes/}
     * @throws Exception if a route cannot be made
     */
    RunningVendor(VendorSettings settings, Map<String, String> properties, Map<String, String> files, Loopback vendor)
            throws Exception {
        this.settings = settings;
        this.files = files;
        this.vendor = vendor;
        main.setPropertyPlaceholderLocations("false");
        properties.forEach(main::addInitialProperty);
        main.configure().withName("camelody-check").withAutoStartup(false);
        main.configure().withRoutesIncludePattern(String.join(",", files.values()));
        main.bind("camelodyHttpErrors", new HttpErrors(Clock.systemUTC()));
        VendorHttp http = new VendorHttp(SILENCE, SILENCE, MOST);
        main.bind("camelodyVendorHttp", http);
        main.bind("camelodyStatusHttp", http.keeping());
        main.bind("camelodyCallWatch", new CallWatch());
        main.configure().addRoutesBuilder(new RouteConfigurationBuilder() {
            @Override
            public void configuration() {
                // for routes that name no configuration: what fails is a finding, and no error of the log's
                routeConfiguration().onException(Exception.class).logExhausted(false);
            }
        });
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport starting) {
                Trace.install(starting.getCamelContext());
                starting.getCamelContext().setSourceLocationEnabled(true);
                starting.getCamelContext()
                        .getCamelContextExtension()
                        .registerEndpointCallback((uri, endpoint) -> demandHere(uri, endpoint));
            }
        });
        try {
            main.start();
            CamelContext context = main.getCamelContext();
            for (Route route : context.getRoutes()) {
                if (route.getEndpoint().getEndpointUri().startsWith("direct:")) {
                    context.getRouteController().startRoute(route.getId());
                }
            }
            calls = context.createProducerTemplate();
        } catch (Exception e) {
            main.stop();
            throw e;
        }
    }

    /** Refuses an address that is not the vendor's here, before anything is sent there. */
    private Endpoint demandHere(String uri, Endpoint endpoint) {
        Matcher address = ADDRESS.matcher(uri);
        if (address.find() && !vendor.url().endsWith("//" + address.group(1))) {
            throw new IllegalArgumentException(
                    "Expected calls at {{camelody.%s.base-url}} alone, which is on this machine for the check, got one at %s."
                            .formatted(settings.name(), address.group(1)));
        }
        return endpoint;
    }

    VendorSettings settings() {
        return settings;
    }

    /** Hands this to a route, with a vendor that answers so. @param answer empty for a connection that is closed without one */
    Play play(Sample.Route route, JsonNode given, Optional<Sample.Answer> answer) {
        vendor.answer(answer);
        Trace trace = new Trace();
        Exchange exchange = calls.send("direct:camelody-%s-%s".formatted(settings.name(), route.word()), sent -> {
            sent.setVariable("vendor", settings.name());
            sent.setVariable("step", route.step());
            if (route.isSubmit()) {
                sent.setVariable("songId", "song-1");
                CallWatch.watch(sent);
            } else {
                sent.setVariable("taskIds", joined(given));
            }
            sent.getMessage().setBody(given.deepCopy());
            sent.getMessage().setHeader(STRAY, "1");
            sent.getMessage().setHeader(Exchange.HTTP_QUERY, STRAY + "=1");
            trace.begin(sent);
        });
        return new Play(route, exchange, vendor.heard(), new Places(settings.name(), files, trace));
    }

    /** Whether a call has what an exchange may come with, and no vendor is to hear. */
    static boolean hasStray(Loopback.Heard heard) {
        return heard.headers().containsKey(STRAY) || heard.query().contains(STRAY);
    }

    private static String joined(JsonNode ids) {
        return String.join(
                ",",
                StreamSupport.stream(ids.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }

    @Override
    public void close() {
        main.stop();
    }
}
