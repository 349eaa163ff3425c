package io.camelody.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A request that has been found good, on its way into the ledger.
 *
 * @param vendor who makes the song
 * @param lyricsVendor who writes its words first; empty where the request needs no words written
 * @param request the request under its canonical names
 * @param notes what was folded or dropped because the vendor cannot do it
 * @param isMovable whether other vendors may take the song over
 * @param hasWebhook whether somebody is told what becomes of it on its way
 * @param source where the request came from, for people; empty if from no file
 * @param batch the batch that it belongs to; empty outside one
 */
public record NewSong(
        String id,
        String vendor,
        Optional<String> lyricsVendor,
        ObjectNode request,
        List<String> notes,
        boolean isMovable,
        boolean hasWebhook,
        Optional<String> source,
        Optional<String> batch) {}
