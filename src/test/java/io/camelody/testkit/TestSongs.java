package io.camelody.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.NewSong;
import io.camelody.request.Json;
import java.util.List;
import java.util.Optional;

/** Requests on their way into a ledger, for tests to which little else of them matters. */
public final class TestSongs {

    private static final String VENDOR = "foxai";

    private TestSongs() {}

    public static NewSong song(String id) {
        return song(id, tango());
    }

    public static NewSong song(String id, ObjectNode request) {
        return of(id, VENDOR, request, false, Optional.empty());
    }

    public static NewSong ofVendor(String id, String vendor) {
        return of(id, vendor, tango(), false, Optional.empty());
    }

    public static NewSong ofBatch(String id, String batch) {
        return of(id, VENDOR, tango(), false, Optional.of(batch));
    }

    /** One of which somebody is told on its way. */
    public static NewSong toldOf(String id) {
        return of(id, VENDOR, tango(), true, Optional.empty());
    }

    private static ObjectNode tango() {
        return Json.object().put("prompt", "a tango");
    }

    private static NewSong of(
            String id, String vendor, ObjectNode request, boolean hasWebhook, Optional<String> batch) {
        return new NewSong(
                id, vendor, Optional.empty(), request, List.of(), false, hasWebhook, Optional.empty(), batch);
    }
}
