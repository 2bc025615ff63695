package org.ashlar.kernel;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Ids that cannot be guessed from those seen before. Every Request takes one, and {@link SecureRandom} is one lock for
 * all: so it only gives keys, and AES in counter mode makes of each key what is drawn from. Any thread may call.
 */
final class RandomIds implements LongSupplier {
    private static final int STRIPES = 16;

    private final Stripe[] stripes = new Stripe[STRIPES];

    RandomIds() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(random);
        }
    }

    @Override
    public long getAsLong() {
        return stripes[(int) Thread.currentThread().threadId() & STRIPES - 1].next();
    }

    /** What some of the threads draw from. */
    private static final class Stripe {
        private static final int KEY_BYTES = 16;
        private static final byte[] ZEROS = new byte[4096];

        private final SecureRandom random;
        private ByteBuffer drawn = ByteBuffer.allocate(0);

        Stripe(SecureRandom random) {
            this.random = random;
        }

        synchronized long next() {
            if (!drawn.hasRemaining()) {
                drawn = ByteBuffer.wrap(draw());
            }
            return drawn.getLong();
        }

        /** With a key of its own each time, so that what was drawn before cannot be found out later. */
        private byte[] draw() {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            try {
                Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
                cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[KEY_BYTES]));
                return cipher.doFinal(ZEROS);
            } catch (GeneralSecurityException e) {
                throw new AssertionError("every Java platform has AES in counter mode", e);
            }
        }
    }
}
