package io.camelody.ledger;

/**
 * What the ledger answers to a request: it is durable.
 *
 * @param isNew false if the id had been accepted before; the state is then the one the song has by now
 * @param sameBatch whether it had been seen before in this very batch
 * @param sandbox whether the song that holds the id was made in the sandbox
 * @param differs whether the song that holds the id is of another request: this one was not accepted, and never will be
 *     under this id
 */
public record Receipt(String id, SongState state, boolean isNew, boolean sameBatch, boolean sandbox, boolean differs) {}
