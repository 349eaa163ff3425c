package io.camelody.sandbox;

import java.time.Instant;

/**
 * One task that a vendor made, which is what a vendor charges for.
 *
 * @param step {@code lyrics} or {@code song}
 * @param request the body that asked for it, as it was sent
 * @param endedAt when its last status became true; null while it runs
 */
public record MadeTask(String vendor, String taskId, String step, String request, Instant createdAt, Instant endedAt) {}
