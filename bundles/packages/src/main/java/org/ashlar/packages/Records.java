package org.ashlar.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StateStore.Change;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.DropCapabilities;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.ProcessEntry;

/**
 * What is remembered about packages, out of their own reach: for each installed one what it is and what the user granted
 * it, and for an installation under way how to undo it.
 */
final class Records {
    private static final String INSTALLED = "package";
    private static final String PENDING = "package-pending";
    private static final String REPORT = "/report";
    private static final String PROCESS = "/process/";
    private static final String DROP = "/drop/";
    private static final String WITHDRAW = "/withdraw/";
    private static final byte[] ABSENT = {};

    private final StateStore store;

    Records(StateStore store) {
        this.store = store;
    }

    /**
     * How to undo an installation, or to complete it.
     *
     * @param report      what was being installed
     * @param former      the processes as they were; empty where there was none of that name
     * @param drops       what others were given that they did not hold before
     * @param withdrawals what is taken away when it is complete
     */
    record Pending(PackageReport report, Map<ProcessId, Optional<ProcessEntry>> former, List<DropCapabilities> drops,
                   List<DropCapabilities> withdrawals) {
        PackageId id() {
            return report.id();
        }
    }

    /** Asks of a store what costs nothing and changes nothing. */
    static Optional<byte[]> lookAt(StateStore store) {
        return store.get(INSTALLED, "");
    }

    Optional<PackageReport> installed(PackageId id) {
        return store.get(INSTALLED, id.toString()).map(PackageReport::parse);
    }

    /** All installed packages, in order of their ids. */
    List<PackageReport> installed() {
        List<PackageReport> all = new ArrayList<>();
        store.scan(INSTALLED, "", (id, report) -> all.add(PackageReport.parse(report)));
        return all;
    }

    void forget(PackageId id) {
        store.commit(List.of(Change.remove(INSTALLED, id.toString())));
    }

    /** Notes an installation before anything of it happens. */
    void begin(Pending pending) {
        String id = pending.id().toString();
        List<Change> changes = new ArrayList<>();
        changes.add(Change.put(PENDING, id + REPORT, pending.report().encode()));
        pending.former().forEach((process, entry) -> changes.add(Change.put(PENDING, id + PROCESS + process,
                entry.map(ProcessEntry::encode).orElse(ABSENT))));
        put(changes, id + DROP, pending.drops());
        put(changes, id + WITHDRAW, pending.withdrawals());
        store.commit(changes);
    }

    private static void put(List<Change> changes, String prefix, List<DropCapabilities> drops) {
        for (int i = 0; i < drops.size(); i++) {
            changes.add(Change.put(PENDING, prefix + i, drops.get(i).encode()));
        }
    }

    /** The installation is complete. */
    void complete(Pending pending) {
        List<Change> changes = ended(pending);
        PackageReport report = pending.report();
        changes.add(Change.put(INSTALLED, pending.id().toString(), new PackageReport(report.id(), report.version(),
                Optional.of(report.version()), report.title(), report.description(), report.hash(), report.processes(),
                report.asks(), report.grants(), List.of(), report.notices()).encode()));
        store.commit(changes);
    }

    /** The installation has been undone. */
    void undone(Pending pending) {
        store.commit(ended(pending));
    }

    private List<Change> ended(Pending pending) {
        List<Change> changes = new ArrayList<>();
        store.scan(PENDING, pending.id() + "/", (key, value) -> changes.add(Change.remove(PENDING, key)));
        return changes;
    }

    /** Installations that were cut off. */
    List<Pending> pending() {
        List<PackageReport> reports = new ArrayList<>();
        store.scan(PENDING, "", (key, value) -> {
            if (key.endsWith(REPORT)) {
                reports.add(PackageReport.parse(value));
            }
        });
        return reports.stream().map(this::pending).toList();
    }

    private Pending pending(PackageReport report) {
        Map<ProcessId, Optional<ProcessEntry>> former = new TreeMap<>();
        String processes = report.id() + PROCESS;
        store.scan(PENDING, processes, (key, value) -> former.put(ProcessId.parse(key.substring(processes.length())),
                value.length == 0 ? Optional.empty() : Optional.of(ProcessEntry.parse(value))));
        return new Pending(report, former, drops(report.id() + DROP), drops(report.id() + WITHDRAW));
    }

    private List<DropCapabilities> drops(String prefix) {
        List<DropCapabilities> drops = new ArrayList<>();
        store.scan(PENDING, prefix, (key, value) -> {
            if (KernelCommand.parse(value) instanceof DropCapabilities drop) {
                drops.add(drop);
            }
        });
        return drops;
    }
}
