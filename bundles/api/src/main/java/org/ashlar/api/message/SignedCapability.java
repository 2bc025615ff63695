package org.ashlar.api.message;

import java.util.Arrays;

/**
 * A capability as a message carries it.
 *
 * @param capability what is carried
 * @param signature  the issuing node's Ed25519 signature (64 bytes) over the MessagePack pair {@code [issuer, params]}
 *                   (reference-kernel 5.3), or empty where none was made: the kernel signs what a process attaches.
 *                   Not to be modified.
 */
public record SignedCapability(Capability capability, byte[] signature) {
    private static final byte[] NONE = {};

    public static SignedCapability unsigned(Capability capability) {
        return new SignedCapability(capability, NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedCapability that && capability.equals(that.capability)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return capability.hashCode();
    }
}
