package org.ashlar.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.message.Address;
import org.junit.jupiter.api.Test;

/** What every provider of {@link Identity} must keep. A subclass says how to open one. */
public abstract class IdentityContract {
    /** The DER prefix of an Ed25519 public key (RFC 8410). */
    private static final String SPKI = "302a300506032b6570032100";
    private static final byte[] MESSAGE = "what is signed".getBytes(UTF_8);

    /** Opens the identity under test: the same one at every call within a test. */
    protected abstract Identity open() throws Exception;

    @Test
    void theNameIsThatOfANode() throws Exception {
        String name = open().name();
        assertEquals(name, Address.parse(name + "@kernel:distro:sys").node());
        assertNotEquals(Address.OUR, name);
    }

    @Test
    void whatItSignsItVerifies() throws Exception {
        Identity identity = open();
        byte[] signature = identity.sign(MESSAGE);
        assertEquals(64, signature.length);
        assertTrue(identity.verify(MESSAGE, signature));
        assertTrue(identity.verify(new byte[0], identity.sign(new byte[0])));
    }

    @Test
    void aSignatureHoldsUnderAnIndependentImplementation() throws Exception {
        Identity identity = open();
        Signature jdk = Signature.getInstance("Ed25519");
        byte[] der = HexFormat.of().parseHex(SPKI + HexFormat.of().formatHex(identity.publicKey()));
        jdk.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
        jdk.update(MESSAGE);
        assertTrue(jdk.verify(identity.sign(MESSAGE)));
    }

    @Test
    void everyChangedBitIsNoticed() throws Exception {
        Identity identity = open();
        byte[] signature = identity.sign(MESSAGE);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(identity.verify(MESSAGE, changed), "bit " + bit + " of the signature");
        }
        byte[] other = MESSAGE.clone();
        other[0] ^= 1;
        assertFalse(identity.verify(other, signature));
    }

    @Test
    void aMalformedSignatureIsFalse() throws Exception {
        Identity identity = open();
        byte[] signature = identity.sign(MESSAGE);
        assertFalse(identity.verify(MESSAGE, new byte[0]));
        assertFalse(identity.verify(MESSAGE, Arrays.copyOf(signature, 63)));
        assertFalse(identity.verify(MESSAGE, Arrays.copyOf(signature, 65)));
        assertFalse(identity.verify(MESSAGE, new byte[64]));
    }

    @Test
    void itIsTheSameWhenOpenedAgain() throws Exception {
        Identity first = open();
        Identity second = open();
        assertEquals(first.name(), second.name());
        assertArrayEquals(first.publicKey(), second.publicKey());
        assertTrue(second.verify(MESSAGE, first.sign(MESSAGE)));
    }

    @Test
    void nobodyChangesTheKeyThroughWhatIsHandedOut() throws Exception {
        Identity identity = open();
        byte[] key = identity.publicKey();
        Arrays.fill(key, (byte) 0);
        assertFalse(Arrays.equals(key, identity.publicKey()));
    }
}
