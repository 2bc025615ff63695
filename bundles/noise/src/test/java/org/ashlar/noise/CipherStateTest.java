package org.ashlar.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CipherStateTest {
    private final byte[] key = new byte[32];
    private final CipherState sending = new CipherState(key);
    private final CipherState receiving = new CipherState(key);

    @Test
    void messagesComeOutInOrder() {
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(new byte[] {(byte) i}, decrypt(encrypt(new byte[] {(byte) i})));
        }
        assertEquals(3, receiving.next());
    }

    @Test
    void aRepeatedALostAndAChangedMessageAreNoticedAndTheNextOneStillFits() {
        byte[] first = encrypt(new byte[5]);
        byte[] second = encrypt(new byte[5]);
        assertThrows(NoiseException.class, () -> decrypt(second));
        decrypt(first);
        assertThrows(NoiseException.class, () -> decrypt(first));
        byte[] changed = second.clone();
        changed[0] ^= 1;
        assertThrows(NoiseException.class, () -> decrypt(changed));
        assertArrayEquals(new byte[5], decrypt(second));
    }

    @Test
    void aKeyIsUsedUpBeforeItsLastNumberWhichIsReserved() {
        sending.next(-2);
        receiving.next(-2);
        decrypt(encrypt(new byte[1]));
        assertThrows(NoiseException.class, () -> encrypt(new byte[1]));
        assertThrows(NoiseException.class, () -> decrypt(new byte[CipherState.TAG]));
    }

    @Test
    void afterANewKeyOnBothSidesTheyGoOn() {
        byte[] before = encrypt(new byte[9]);
        decrypt(before);
        sending.rekey();
        byte[] after = encrypt(new byte[9]);
        assertThrows(NoiseException.class, () -> decrypt(after));
        receiving.rekey();
        assertArrayEquals(new byte[9], decrypt(after));
        assertFalse(Arrays.equals(before, after));
    }

    @Test
    void theLargestMessagePassesAndNoLarger() {
        byte[] largest = new byte[CipherState.MAX_PLAINTEXT];
        Arrays.fill(largest, (byte) 7);
        assertArrayEquals(largest, decrypt(encrypt(largest)));
        assertThrows(IllegalArgumentException.class, () -> encrypt(new byte[CipherState.MAX_PLAINTEXT + 1]));
        assertThrows(NoiseException.class, () -> decrypt(new byte[CipherState.MAX_MESSAGE + 1]));
        assertThrows(NoiseException.class, () -> decrypt(new byte[CipherState.TAG - 1]));
    }

    @Test
    void aWipedKeyDoesNothingMore() {
        byte[] message = encrypt(new byte[1]);
        receiving.wipe();
        assertThrows(NoiseException.class, () -> decrypt(message));
        assertThrows(NoiseException.class, receiving::rekey);
    }

    private byte[] encrypt(byte[] plaintext) {
        byte[] out = new byte[plaintext.length + CipherState.TAG];
        sending.encrypt(plaintext, 0, plaintext.length, out, 0);
        return out;
    }

    private byte[] decrypt(byte[] ciphertext) {
        byte[] out = new byte[Math.max(0, ciphertext.length - CipherState.TAG)];
        receiving.decrypt(ciphertext, 0, ciphertext.length, out, 0);
        return out;
    }
}
