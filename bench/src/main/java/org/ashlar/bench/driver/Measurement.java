package org.ashlar.bench.driver;

/** Lets guests do one kind of work and says what it took. */
@FunctionalInterface
interface Measurement {
    /** @param numbers the words behind its name; how many, and what they mean, each measurement says itself */
    Figures take(Guests guests, long[] numbers) throws Exception;
}
