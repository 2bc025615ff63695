package org.ashlar.noise;

import org.ashlar.codec.CardText;

/** Whether cards are what the node they name has signed. */
public final class CardSignature {
    private CardSignature() { }

    /** Whether {@code card} has a signature, and its own key made it. Takes about a tenth of a millisecond. */
    public static boolean fits(CardText card) {
        return card.signature().isPresent() && Ed25519Key.of(card.card().key())
                .map(key -> key.verifies(CardText.signedBytes(card.card()), card.signature().get())).orElse(false);
    }
}
