package org.ashlar.api.identity;

/**
 * Who this node is. Methods may be called on any thread; signing and verifying take less than a tenth of a millisecond of CPU.
 */
public interface Identity {
    /** The node's name, {@code [a-z0-9.-]+}. */
    String name();

    /** The Ed25519 public key, 32 bytes (RFC 8032). */
    byte[] publicKey();

    /** Signs {@code message} with the node's Ed25519 key: 64 bytes. */
    byte[] sign(byte[] message);

    /** Whether {@code signature} is this node's over {@code message}; false for anything malformed. */
    boolean verify(byte[] message, byte[] signature);

    /** Whether the private key lies encrypted on disk, so that who takes the disk does not have it. */
    default boolean keyEncrypted() {
        return false;
    }
}
