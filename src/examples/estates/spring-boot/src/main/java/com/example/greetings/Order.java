package com.example.greetings;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.Map;

/** What customers of this application send: {@code {"order": "4711", "for": "Ada", "wish": "a slow waltz"}}. */
public record Order(String order, @JsonProperty("for") String name, String wish) {

    /**
     * The request for its song. The order's number is the song's id: an order that is read twice, as after a crash, is one
     * song, bought once.
     */
    public Map<String, Object> request() {
        Map<String, Object> request = new HashMap<>();
        request.put("id", "order-" + order);
        request.put("prompt", wish);
        request.put("title", "For " + name);
        request.put("labels", Map.of("for", String.valueOf(name)));
        return request;
    }
}
