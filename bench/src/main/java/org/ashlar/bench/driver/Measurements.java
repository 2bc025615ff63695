package org.ashlar.bench.driver;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/** All measurements, by name. Whatever one made is gone when the next begins. */
final class Measurements {
    private static final Map<String, Measurement> ALL = Map.ofEntries(
            Map.entry("rounds", new RoundTrips()),
            Map.entry("latency", new Latency(false)),
            Map.entry("quiet", new Latency(true)),
            Map.entry("spawn", new Spawning()),
            Map.entry("memory", new ParkedMemory()),
            Map.entry("state", new StateWrites()),
            Map.entry("blob", new BlobTransfer()),
            Map.entry("load", new Loading()),
            Map.entry("install", Population::install),
            Map.entry("answering", Population::answering));

    private final Guests guests;

    Measurements(Guests guests) {
        this.guests = guests;
    }

    /** @param words the name of a measurement and its numbers */
    String take(String[] words) throws Exception {
        Measurement measurement = ALL.get(words[0]);
        if (measurement == null) {
            throw new IllegalArgumentException("there is no measurement " + words[0] + "; there are " + new TreeSet<>(ALL.keySet()));
        }
        long[] numbers = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return measurement.take(guests, numbers).toString();
    }
}
