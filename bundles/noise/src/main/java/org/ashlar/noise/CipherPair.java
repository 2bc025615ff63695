package org.ashlar.noise;

/**
 * What a finished handshake leaves: a cipher for each direction. The two are independent of each other, so one thread may
 * send while another receives.
 *
 * @param sending       for what this side sends
 * @param receiving     for what the other side sends
 * @param handshakeHash the same 32 bytes on both sides and in no other handshake (Noise 11.2); not secret
 */
public record CipherPair(CipherState sending, CipherState receiving, byte[] handshakeHash) {
    /** Forgets both keys. */
    public void wipe() {
        sending.wipe();
        receiving.wipe();
    }
}
