package org.ashlar.bench.driver;

import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;

/**
 * From a component's bytes to its first answer: the first guest of a component on this node since it was started.
 * <p>
 * Numbers: none. Series, of one value, in milliseconds: {@code first} the first guest, for which the component is compiled
 * or its code found in the cache on disk; {@code second} another of the same.
 */
final class Loading implements Measurement {
    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        try {
            return new Figures().add("first", load(guests, "first")).add("second", load(guests, "second"));
        } finally {
            guests.killAll();
        }
    }

    private static double load(Guests guests, String name) {
        long begun = System.nanoTime();
        Address echo = guests.start(name, Guests.echo(), OnExit.NONE);
        Guests.await(guests.ask(echo, "hello"));
        return (System.nanoTime() - begun) / 1e6;
    }
}
