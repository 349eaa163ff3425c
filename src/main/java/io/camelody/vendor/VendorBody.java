package io.camelody.vendor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a vendor is sent of a request: the request under its canonical names, without what is not a vendor's to know, and
 * with the hints that this vendor cannot take folded into the style or dropped.
 *
 * @param json the body of the vendor's submit route
 * @param notes what was folded or dropped, for people
 */
public record VendorBody(ObjectNode json, List<String> notes) {

    private static final List<String> NOT_FOR_VENDORS =
            List.of("id", "vendor", "timeout", "sinks", "webhook", "labels", "writeLyrics", "onRefused");

    /** The body of the song step. @param written the words that the lyrics step wrote */
    public static VendorBody ofSong(SongRequest request, VendorSettings vendor, Optional<ObjectNode> written) {
        ObjectNode body = request.json().deepCopy();
        List<String> notes = new ArrayList<>();
        body.remove(NOT_FOR_VENDORS);
        if (request.writeLyrics().isPresent() || written.isPresent()) {
            body.remove("prompt");
        }
        written.ifPresent(words -> {
            body.put("lyrics", words.path("lyrics").asText());
            if (!body.hasNonNull("title") && words.hasNonNull("title")) {
                body.set("title", words.get("title"));
            }
        });
        if (body.hasNonNull("lyrics") && body.hasNonNull("prompt")) {
            body.remove("prompt");
            notes.add("The prompt is not sent: the request brings its own lyrics.");
        }
        if (body.hasNonNull("lyrics") && request.instrumental()) {
            notes.add("The lyrics are not sung: the song is instrumental.");
        }
        fold(body, vendor, notes);
        Optional<String> others =
                request.text("model").filter(model -> leavesChoice(request) && !vendor.mayHave(model));
        others.ifPresent(model -> {
            body.remove("model");
            notes.add("The model %s was left out: %s has no such thing.".formatted(model, vendor.name()));
        });
        if (!body.hasNonNull("model")) {
            vendor.model().ifPresent(model -> body.put("model", model));
        }
        return new VendorBody(body, notes);
    }

    /** Of several vendors each has models of its own. One that is named alone is sent what the request says: it may be new. */
    private static boolean leavesChoice(SongRequest request) {
        return request.vendors().size() > 1 || request.vendors().contains(Planner.AUTO);
    }

    /** The body of the lyrics step. */
    public static ObjectNode ofLyrics(SongRequest request) {
        ObjectNode body = Json.object();
        body.put(
                "prompt",
                request.writeLyrics()
                        .map(SongRequest.WriteLyrics::prompt)
                        .or(request::prompt)
                        .orElseThrow());
        request.text("title").ifPresent(title -> body.put("title", title));
        return body;
    }

    private static void fold(ObjectNode body, VendorSettings vendor, List<String> notes) {
        if (body.hasNonNull("vocalGender") && !vendor.isAble("vocalGender")) {
            String voice = body.remove("vocalGender").textValue() + " vocals";
            if (vendor.isAble("style")) {
                body.put("style", body.hasNonNull("style") ? body.get("style").textValue() + ", " + voice : voice);
                notes.add("\"%s\" was folded into the style: %s has no vocalGender.".formatted(voice, vendor.name()));
            } else {
                notes.add("vocalGender was dropped: %s has no such thing.".formatted(vendor.name()));
            }
        }
        for (String hint : List.of("negativeStyle", "styleWeight", "style")) {
            if (body.hasNonNull(hint) && !vendor.isAble(hint)) {
                body.remove(hint);
                notes.add("%s was dropped: %s has no such thing.".formatted(hint, vendor.name()));
            }
        }
        if (body.hasNonNull("title") && !vendor.isAble("title")) {
            body.remove("title");
            notes.add("The title is kept for names and not sent: %s has no such thing.".formatted(vendor.name()));
        }
    }
}
