package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What is a vendor's own: its calls, where its key stands, and how it words an error. */
interface Vendor {

    String name();

    List<Route> routes();

    /** The key in the request, empty if there is none. */
    String key(Request request);

    ObjectNode error(int status, String message);

    static String bearer(Request request) {
        String header = request.header("Authorization");
        return header.startsWith("Bearer ")
                ? header.substring("Bearer ".length()).strip()
                : "";
    }
}
