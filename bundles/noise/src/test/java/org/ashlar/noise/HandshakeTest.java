package org.ashlar.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final byte[] NOTHING = {};

    private final SecureRandom random = new SecureRandom();
    private Handshake alice;
    private Handshake bob;

    @BeforeEach
    void open() {
        alice = new Handshake(true, NOTHING, NoiseKey.generate(random), NoiseKey.generate(random));
        bob = new Handshake(false, NOTHING, NoiseKey.generate(random), NoiseKey.generate(random));
    }

    @Test
    void bothPublicVectorsComeOutByteForByte() throws IOException {
        JsonNode vectors = Vectors.json("noise/xx-25519-chachapoly-blake2s.json").path("vectors");
        assertEquals(2, vectors.size());
        for (JsonNode vector : vectors) {
            assertEquals(Handshake.PROTOCOL, vector.path("protocol_name").asText());
            reproduce(vector);
        }
    }

    private static void reproduce(JsonNode vector) {
        Handshake initiator = side(vector, "init", true);
        Handshake responder = side(vector, "resp", false);
        CipherPair[] ciphers = {};
        int turn = 0;
        for (JsonNode message : vector.path("messages")) {
            byte[] payload = Vectors.hex(message, "payload");
            byte[] ciphertext = Vectors.hex(message, "ciphertext");
            if (turn < 3) {
                Handshake writer = turn % 2 == 0 ? initiator : responder;
                Handshake reader = turn % 2 == 0 ? responder : initiator;
                assertArrayEquals(ciphertext, writer.write(payload));
                assertArrayEquals(payload, reader.read(ciphertext));
            } else {
                CipherState sending = ciphers[turn % 2].sending();
                CipherState receiving = ciphers[1 - turn % 2].receiving();
                assertArrayEquals(ciphertext, encrypt(sending, payload));
                assertArrayEquals(payload, decrypt(receiving, ciphertext));
            }
            turn++;
            if (turn == 3) {
                ciphers = new CipherPair[] {initiator.split(), responder.split()};
                if (vector.has("handshake_hash")) {
                    assertArrayEquals(Vectors.hex(vector, "handshake_hash"), ciphers[0].handshakeHash());
                }
                assertArrayEquals(ciphers[0].handshakeHash(), ciphers[1].handshakeHash());
            }
        }
        assertTrue(turn > 4, "messages: " + turn);
    }

    private static Handshake side(JsonNode vector, String name, boolean initiator) {
        return new Handshake(initiator, Vectors.hex(vector, name + "_prologue"), NoiseKey.of(Vectors.hex(vector, name + "_static")),
                NoiseKey.of(Vectors.hex(vector, name + "_ephemeral")));
    }

    @Test
    void bothSidesLearnEachOthersKeyAndCanTalk() {
        NoiseKey aliceStatic = NoiseKey.generate(random);
        NoiseKey bobStatic = NoiseKey.generate(random);
        alice = new Handshake(true, NOTHING, aliceStatic, NoiseKey.generate(random));
        bob = new Handshake(false, NOTHING, bobStatic, NoiseKey.generate(random));
        CipherPair[] pair = shake();

        assertArrayEquals(bobStatic.publicKey(), alice.theirStatic());
        assertArrayEquals(aliceStatic.publicKey(), bob.theirStatic());
        byte[] hello = "hello".getBytes(UTF_8);
        assertArrayEquals(hello, decrypt(pair[1].receiving(), encrypt(pair[0].sending(), hello)));
        assertArrayEquals(hello, decrypt(pair[0].receiving(), encrypt(pair[1].sending(), hello)));
    }

    @Test
    void noTwoHandshakesHaveTheSameHash() {
        byte[] first = shake()[0].handshakeHash();
        open();
        assertNotEquals(HexFormat.of().formatHex(first), HexFormat.of().formatHex(shake()[0].handshakeHash()));
    }

    @Test
    void anotherPrologueIsNoticed() {
        bob = new Handshake(false, new byte[] {1}, NoiseKey.generate(random), NoiseKey.generate(random));
        bob.read(alice.write(NOTHING));
        byte[] second = bob.write(NOTHING);
        assertThrows(NoiseException.class, () -> alice.read(second));
    }

    @Test
    void everyByteChangedOnTheWayIsNoticed() {
        int[] lengths = {32, 96, 64};
        for (int number = 0; number < 3; number++) {
            for (int at = 0; at < lengths[number]; at++) {
                open();
                int position = at;
                Handshake[] sides = {alice, bob};
                byte[] message = NOTHING;
                for (int i = 0; i <= number; i++) {
                    message = sides[i % 2].write(NOTHING);
                    if (i < number) {
                        sides[1 - i % 2].read(message);
                    }
                }
                assertEquals(lengths[number], message.length);
                message[position] ^= 1;
                byte[] changed = message;
                if (number == 0) {
                    bob.read(changed);
                    byte[] answer = bob.write(NOTHING);
                    assertThrows(NoiseException.class, () -> alice.read(answer), "byte " + at);
                } else {
                    Handshake reader = sides[1 - number % 2];
                    assertThrows(NoiseException.class, () -> reader.read(changed), "message " + number + " byte " + at);
                }
            }
        }
    }

    @Test
    void aShortMessageIsRefused() {
        for (int length = 0; length < NoiseKey.LENGTH; length++) {
            open();
            byte[] part = Arrays.copyOf(alice.write(NOTHING), length);
            assertThrows(NoiseException.class, () -> bob.read(part));
        }
    }

    @Test
    void aKeyOfLowOrderIsRefused() {
        assertThrows(NoiseException.class, () -> {
            bob.read(new byte[NoiseKey.LENGTH]);
            bob.write(NOTHING);
        });
        assertThrows(IllegalStateException.class, () -> bob.write(NOTHING));
    }

    @Test
    void whatWasRefusedOnceIsOver() {
        bob.read(alice.write(NOTHING));
        byte[] second = bob.write(NOTHING);
        byte[] changed = second.clone();
        changed[50] ^= 1;
        assertThrows(NoiseException.class, () -> alice.read(changed));
        assertThrows(IllegalStateException.class, () -> alice.read(second));
    }

    @Test
    void nobodyWritesOrReadsOutOfTurn() {
        assertThrows(IllegalStateException.class, () -> bob.write(NOTHING));
        assertThrows(IllegalStateException.class, () -> alice.read(new byte[32]));
        assertThrows(IllegalStateException.class, alice::split);
        assertFalse(bob.writes());
    }

    @Test
    void aPayloadThatDoesNotFitIsRefused() {
        assertThrows(NoiseException.class, () -> alice.write(new byte[CipherState.MAX_MESSAGE - 31]));
        open();
        assertEquals(CipherState.MAX_MESSAGE, alice.write(new byte[CipherState.MAX_MESSAGE - 32]).length);
    }

    private CipherPair[] shake() {
        bob.read(alice.write(NOTHING));
        alice.read(bob.write(NOTHING));
        bob.read(alice.write(NOTHING));
        return new CipherPair[] {alice.split(), bob.split()};
    }

    private static byte[] encrypt(CipherState cipher, byte[] plaintext) {
        byte[] out = new byte[plaintext.length + CipherState.TAG];
        cipher.encrypt(plaintext, 0, plaintext.length, out, 0);
        return out;
    }

    private static byte[] decrypt(CipherState cipher, byte[] ciphertext) {
        byte[] out = new byte[ciphertext.length - CipherState.TAG];
        cipher.decrypt(ciphertext, 0, ciphertext.length, out, 0);
        return out;
    }
}
