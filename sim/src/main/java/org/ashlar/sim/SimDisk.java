package org.ashlar.sim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.ashlar.api.store.StateStore;

/**
 * The disk of a node, which its crashes leave as it is. A commit takes a while, and a crash meanwhile leaves all of it or nothing;
 * what has been committed stays.
 */
final class SimDisk {
    private static final int MAX_COMMIT_MICROS = 5_000;

    private final Map<String, TreeMap<String, byte[]>> tables = new TreeMap<>();

    /** It, as one run of the node sees it. */
    StateStore of(SimMachine machine) {
        return new Store(machine);
    }

    private final class Store implements StateStore {
        private final SimMachine machine;

        private Store(SimMachine machine) {
            this.machine = machine;
        }

        @Override
        public Optional<byte[]> get(String table, String key) {
            return Optional.ofNullable(tables.getOrDefault(table, new TreeMap<>()).get(key));
        }

        @Override
        public void scan(String table, String prefix, BiConsumer<String, byte[]> each) {
            new TreeMap<>(tables.getOrDefault(table, new TreeMap<>())).forEach((key, value) -> {
                if (key.startsWith(prefix)) {
                    each.accept(key, value);
                }
            });
        }

        /** Half of the crashes while it writes come before, half after the change. */
        @Override
        public void commit(List<Change> changes) {
            machine.park(1_000L * machine.random().nextInt(MAX_COMMIT_MICROS));
            changes.forEach(this::apply);
            machine.park(1_000L * machine.random().nextInt(MAX_COMMIT_MICROS));
        }

        private void apply(Change change) {
            TreeMap<String, byte[]> table = tables.computeIfAbsent(change.table(), name -> new TreeMap<>());
            change.value().ifPresentOrElse(value -> table.put(change.key(), value), () -> table.remove(change.key()));
        }
    }
}
