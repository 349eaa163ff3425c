package io.camelody.vendor;

import java.time.Duration;
import java.util.Optional;

/**
 * A call that brought no result.
 *
 * @param message the vendor's words, or what happened to the call; never a key
 * @param retryAfter how long the vendor asked to wait, an hour at most
 */
public record VendorError(ErrorClass errorClass, String message, Optional<Duration> retryAfter) {}
