package com.example.greetings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.RefusedRequestException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.springframework.stereotype.Component;

/** Makes a song for each order, and a greeting that says where it is. */
@Component
public class GreetingRoutes extends RouteBuilder {

    @Override
    public void configure() {
        onException(RefusedRequestException.class, JsonProcessingException.class)
                .handled(true)
                .setBody(exceptionMessage())
                .to("file:greetings?fileName=${file:onlyname.noext}.refused.txt");

        from("file:orders?include=.*\\.json&move=done")
                .routeId("greetings-orders")
                .unmarshal()
                .json(JsonLibrary.Jackson, Order.class)
                .setBody(exchange -> exchange.getMessage().getBody(Order.class).request())
                .to("song:generate")
                .setBody(exchange -> greeting(exchange.getMessage().getBody(JsonNode.class)))
                .to("file:greetings?fileName=${file:onlyname.noext}.txt");

        from("song:finished")
                .routeId("greetings-finished")
                .log("Song ${variable.songId} by ${variable.vendor} is ${variable.state}");
    }

    private static String greeting(JsonNode song) {
        String dear = "Dear " + song.at("/request/labels/for").asText();
        return song.path("state").asText().equals("delivered")
                ? dear + ", your song is here: " + song.at("/clips/0/places/file").asText()
                : dear + ", there is no song for you: " + song.path("message").asText();
    }
}
