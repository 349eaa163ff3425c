package io.camelody.ledger;

/**
 * The song is no longer held under the claim that a change named: the claim ran out and another took over, or a person
 * cancelled the song. Nothing was changed; whoever works under that claim stops.
 */
public final class ClaimLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClaimLostException(Claim claim) {
        super("The claim on a song was lost; what was done under it is dropped. (song: %s, claim: %s)"
                .formatted(claim.songId(), claim.by()));
    }
}
