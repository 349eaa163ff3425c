package io.camelody.sandbox;

import java.time.Instant;

/**
 * One HTTP call that the sandbox heard.
 *
 * @param vendor {@code senseaudio}, {@code sunomusic} or {@code foxai}, also for calls of its files; empty if no
 *     vendor has such a path
 * @param query as it was sent, empty if there was none
 * @param body the text of the body, empty if there was none
 * @param status what was answered; 0 while there is no answer, and for good if a fault withheld it
 */
public record HeardCall(Instant at, String vendor, String method, String path, String query, String body, int status) {}
