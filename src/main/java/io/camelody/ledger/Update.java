package io.camelody.ledger;

/** A statement that changes rows, and its parameters as {@link Session} takes them. */
record Update(String sql, Object... values) {}
