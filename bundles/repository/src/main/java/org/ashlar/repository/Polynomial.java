package org.ashlar.repository;

import java.security.SecureRandom;

/**
 * Polynomials over GF(2), a bit for each coefficient. A repository has one of degree 53 that is irreducible and secret: with it
 * a target cannot tell from the sizes of chunks which well-known file was stored.
 */
final class Polynomial {
    static final int DEGREE = 53;
    /** One in 53 is irreducible; so many tries never fail by chance. */
    private static final int TRIES = 1 << 16;

    private Polynomial() { }

    static int degree(long p) {
        return 63 - Long.numberOfLeadingZeros(p);
    }

    /** The remainder of {@code p} by {@code m}. */
    static long mod(long p, long m) {
        int degree = degree(m);
        long rest = p;
        for (int shift = degree(rest) - degree; shift >= 0; shift = degree(rest) - degree) {
            rest ^= m << shift;
        }
        return rest;
    }

    /** {@code p·q mod m}, where both are smaller than {@code m} and {@code m} is of degree 62 at most. */
    static long multiplyMod(long p, long q, long m) {
        long top = 1L << degree(m);
        long product = 0;
        for (int bit = degree(q); bit >= 0; bit--) {
            product <<= 1;
            if ((product & top) != 0) {
                product ^= m;
            }
            if ((q >>> bit & 1) != 0) {
                product ^= p;
            }
        }
        return product;
    }

    private static long gcd(long p, long q) {
        long a = p;
        long b = q;
        while (b != 0) {
            long rest = mod(a, b);
            a = b;
            b = rest;
        }
        return a;
    }

    /**
     * Whether {@code p} is of degree 53 and irreducible. By Rabin's test: as 53 is prime, exactly when x^(2^53) = x modulo p
     * and p has no factor in common with x^2 - x.
     */
    static boolean isUsable(long p) {
        if (p <= 0 || degree(p) != DEGREE) {
            return false;
        }
        long x = 0b10;
        long power = x;
        for (int i = 0; i < DEGREE; i++) {
            power = multiplyMod(power, power, p);
        }
        return power == x && gcd(p, 0b110) == 1;
    }

    static long random(SecureRandom random) {
        for (int i = 0; i < TRIES; i++) {
            long candidate = random.nextLong() & (1L << DEGREE) - 1 | 1L << DEGREE | 1;
            if (isUsable(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("the random source gives no irreducible polynomial");
    }
}
