package org.ashlar.bench.driver;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ashlar.api.store.Snapshotable;

/** All measurements, by name. Whatever one made is gone when the next begins. */
final class Measurements {
    private static final Map<String, Measurement> OF_GUESTS = Map.ofEntries(
            Map.entry("rounds", new RoundTrips(false)),
            Map.entry("remote", new RoundTrips(true)),
            Map.entry("bulk", new BlobStream()),
            Map.entry("keeps", new Memory()),
            Map.entry("echoes", Guests::echoes),
            Map.entry("processor", (guests, numbers) -> new Figures().add("nanos", CpuTime.nanos())),
            Map.entry("latency", new Latency(false)),
            Map.entry("quiet", new Latency(true)),
            Map.entry("spawn", new Spawning()),
            Map.entry("memory", new ParkedMemory(Guests.echo())),
            Map.entry("memory-wasi", new ParkedMemory(Guests.wasiEcho())),
            Map.entry("state", new StateWrites()),
            Map.entry("blob", new BlobTransfer()),
            Map.entry("cpu", new Computing()),
            Map.entry("files", new FileTransfers()),
            Map.entry("load", new Loading()),
            Map.entry("install", Population::install),
            Map.entry("answering", Population::answering),
            Map.entry("pauses", Population::pauses));

    private final Map<String, Measurement> all = new TreeMap<>(OF_GUESTS);
    private final Guests guests;

    /** @param parts what a snapshot of the node consists of */
    Measurements(Guests guests, Supplier<List<Snapshotable>> parts) {
        this.guests = guests;
        all.put("snapshot", new SnapshotPauses(parts));
        Talk talk = new Talk();
        all.put("talk", talk::begin);
        all.put("hush", talk::end);
    }

    /** @param words the name of a measurement and its numbers */
    String take(String[] words) throws Exception {
        Measurement measurement = all.get(words[0]);
        if (measurement == null) {
            throw new IllegalArgumentException("there is no measurement " + words[0] + "; there are " + all.keySet());
        }
        long[] numbers = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return measurement.take(guests, numbers).toString();
    }
}
