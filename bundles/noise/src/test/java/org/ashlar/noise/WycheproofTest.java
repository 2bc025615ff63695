package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.Test;

/** The primitives, against what is known to go wrong with them. */
class WycheproofTest {
    private static final int NONCE = 12;

    @Test
    void chaCha20Poly1305() throws Exception {
        int cases = 0;
        int throughCipherState = 0;
        JsonNode groups = Vectors.json("wycheproof/chacha20_poly1305_test.json").path("testGroups");
        for (JsonNode group : groups) {
            for (JsonNode test : group.path("tests")) {
                byte[] ciphertext = Arrays.concatenate(Vectors.hex(test, "ct"), Vectors.hex(test, "tag"));
                byte[] nonce = Vectors.hex(test, "iv");
                boolean valid = valid(test);
                Optional<byte[]> opened = open(test, nonce, ciphertext);
                assertEquals(valid, opened.isPresent(), id(test));
                if (valid) {
                    assertArrayEquals(Vectors.hex(test, "msg"), opened.get(), id(test));
                }
                if (nonce.length == NONCE && ByteBuffer.wrap(nonce).getInt() == 0) {
                    throughCipherState++;
                    numbered(test, ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN).getLong(4), ciphertext);
                }
                cases++;
            }
        }
        assertTrue(cases > 300 && throughCipherState > 0, cases + ", " + throughCipherState);
    }

    private static Optional<byte[]> open(JsonNode test, byte[] nonce, byte[] ciphertext) {
        try {
            Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(Vectors.hex(test, "key"), "ChaCha20"), new IvParameterSpec(nonce));
            cipher.updateAAD(Vectors.hex(test, "aad"));
            return Optional.of(cipher.doFinal(ciphertext));
        } catch (GeneralSecurityException refused) {
            return Optional.empty();
        }
    }

    /** Such a nonce is one that Noise makes of a message's number. */
    private static void numbered(JsonNode test, long number, byte[] ciphertext) {
        CipherState cipher = new CipherState(Vectors.hex(test, "key"));
        cipher.next(number);
        byte[] plaintext = Vectors.hex(test, "msg");
        byte[] out = new byte[plaintext.length];
        if (valid(test) && number != -1) {
            cipher.decrypt(Vectors.hex(test, "aad"), ciphertext, 0, ciphertext.length, out, 0);
            assertArrayEquals(plaintext, out, id(test));
        } else {
            assertThrows(NoiseException.class,
                    () -> cipher.decrypt(Vectors.hex(test, "aad"), ciphertext, 0, ciphertext.length, out, 0), id(test));
        }
    }

    @Test
    void x25519() throws IOException {
        int cases = 0;
        int refused = 0;
        for (JsonNode test : Vectors.json("wycheproof/x25519_test.json").path("testGroups").path(0).path("tests")) {
            NoiseKey ours = NoiseKey.of(Vectors.hex(test, "private"));
            byte[] shared = Vectors.hex(test, "shared");
            boolean zero = Arrays.areAllZeroes(shared, 0, shared.length);
            assertEquals(zero, flagged(test, "ZeroSharedSecret"), id(test));
            if (zero) {
                assertThrows(NoiseException.class, () -> ours.agree(Vectors.hex(test, "public")), id(test));
                refused++;
            } else {
                assertArrayEquals(shared, ours.agree(Vectors.hex(test, "public")), id(test));
            }
            cases++;
        }
        assertTrue(cases > 500 && refused > 30, cases + ", " + refused);
    }

    @Test
    void ed25519() throws IOException {
        int cases = 0;
        for (JsonNode group : Vectors.json("wycheproof/ed25519_test.json").path("testGroups")) {
            Ed25519Key key = Ed25519Key.of(HexFormat.of().parseHex(group.path("publicKey").path("pk").asText())).orElseThrow();
            for (JsonNode test : group.path("tests")) {
                assertEquals(valid(test), key.verifies(Vectors.hex(test, "msg"), Vectors.hex(test, "sig")), id(test));
                cases++;
            }
        }
        assertTrue(cases > 150, "cases: " + cases);
    }

    private static boolean flagged(JsonNode test, String flag) {
        return StreamSupport.stream(test.path("flags").spliterator(), false).anyMatch(each -> each.asText().equals(flag));
    }

    private static boolean valid(JsonNode test) {
        return test.path("result").asText().equals("valid");
    }

    private static String id(JsonNode test) {
        return "case " + test.path("tcId") + ": " + test.path("comment").asText();
    }
}
