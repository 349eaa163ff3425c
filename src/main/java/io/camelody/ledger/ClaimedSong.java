package io.camelody.ledger;

/** A song and the right to work on it. */
public record ClaimedSong(Claim claim, Song song) {}
