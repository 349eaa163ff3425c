package io.camelody.ledger;

/**
 * The right to work on one song until a moment.
 *
 * @param by a name that is new for each claiming and stays as it is when the claim is renewed: every change names it
 * @param until epoch milliseconds after which another may take over, as of when it was claimed or renewed last
 */
public record Claim(String songId, String by, long until) {}
