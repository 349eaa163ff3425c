package io.camelody.ledger;

/**
 * A submitted song that is to be due at another moment, while somebody asks about it meanwhile. Times are epoch milliseconds.
 *
 * @param dueAt when it is due so far; where it is no more, somebody has made it due, and it stays so
 * @param later when it is due instead
 * @param polledAt when it was asked about last
 */
public record Postponed(String songId, long dueAt, long later, long polledAt) {}
