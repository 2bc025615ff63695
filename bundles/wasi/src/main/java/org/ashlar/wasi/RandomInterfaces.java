package org.ashlar.wasi;

import java.util.random.RandomGenerator;

import org.ashlar.api.process.GuestTrap;

/** {@code wasi:random}. */
final class RandomInterfaces {
    private RandomInterfaces() {
    }

    static void define(Interfaces<?> interfaces) {
        interfaces.in("wasi:random/random")
                .function("get-random-bytes", (wasi, a) -> bytes(wasi.random(), a.number(0)))
                .function("get-random-u64", (wasi, _) -> wasi.random().nextLong());
        interfaces.in("wasi:random/insecure")
                .function("get-insecure-random-bytes", (wasi, a) -> bytes(wasi.insecureRandom(), a.number(0)))
                .function("get-insecure-random-u64", (wasi, _) -> wasi.insecureRandom().nextLong());
        interfaces.in("wasi:random/insecure-seed")
                .function("insecure-seed", (wasi, _) ->
                        new Object[] {wasi.insecureRandom().nextLong(), wasi.insecureRandom().nextLong()});
    }

    private static byte[] bytes(RandomGenerator generator, long length) {
        if (length < 0 || length > Limits.RANDOM) {
            // The function has no way to give fewer, or to fail.
            throw new GuestTrap("request for " + Long.toUnsignedString(length) + " random bytes: at most " + Limits.RANDOM
                    + " at once");
        }
        byte[] bytes = new byte[(int) length];
        generator.nextBytes(bytes);
        return bytes;
    }
}
