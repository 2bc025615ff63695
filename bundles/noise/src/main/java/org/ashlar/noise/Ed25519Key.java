package org.ashlar.noise;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The Ed25519 public key by which a node is known (RFC 8032). Immutable. Bouncy Castle rather than the JDK, as for the
 * node's own signatures: a verification takes about an eighth of the time (docs/rationale.md).
 */
public final class Ed25519Key {
    /** Length of a public key, in bytes. */
    public static final int LENGTH = Ed25519.PUBLIC_KEY_SIZE;
    /** Length of a signature, in bytes. */
    public static final int SIGNATURE = Ed25519.SIGNATURE_SIZE;

    private final byte[] bytes;
    private final Ed25519.PublicPoint point;

    private Ed25519Key(byte[] bytes, Ed25519.PublicPoint point) {
        this.bytes = bytes;
        this.point = point;
    }

    /** The key that {@code bytes} are; empty when they are none, or one of low order, under which anything could be valid. */
    public static Optional<Ed25519Key> of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            return Optional.empty();
        }
        byte[] copy = bytes.clone();
        return Optional.ofNullable(Ed25519.validatePublicKeyPartialExport(copy, 0))
                .filter(any -> Ed25519.validatePublicKeyFull(copy, 0)).map(point -> new Ed25519Key(copy, point));
    }

    /** Reads hex digits, after {@code 0x} or not; empty when they are no key. */
    public static Optional<Ed25519Key> parse(String hex) {
        String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
        if (digits.length() != 2 * LENGTH) {
            return Optional.empty();
        }
        try {
            return of(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether {@code signature} is this key's over {@code message}; false for anything malformed. */
    public boolean verifies(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE && Ed25519.verify(signature, 0, point, message, 0, message.length);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ed25519Key that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@code 0x} and 64 hex digits, as the reference shows keys. */
    @Override
    public String toString() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
