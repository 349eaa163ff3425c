package io.camelody.wiring;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** An estate in a process of its own, with nothing but what it needs. Its settings are system properties. */
final class LoneEstate {

    private LoneEstate() {}

    public static void main(String[] arguments) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:order").to("song:generate").transform(jq(".state"));
                }
            });
            context.start();
            System.out.println("the song is "
                    + context.createProducerTemplate()
                            .requestBody("direct:order", Map.of("prompt", "a waltz", "vendor", "foxai"), String.class));
        }
    }
}
