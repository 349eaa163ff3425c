package io.camelody.ledger;

/**
 * The right to work on one song until a moment, and the token that every change under it names.
 *
 * @param until epoch milliseconds after which another may take over
 */
public record Claim(String songId, String by, long until) {}
