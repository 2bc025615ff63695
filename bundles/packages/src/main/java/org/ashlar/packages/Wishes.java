package org.ashlar.packages;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.KernelCommand.DropCapabilities;
import org.ashlar.codec.KernelCommand.GrantCapabilities;
import org.ashlar.codec.PackageManifest;
import org.ashlar.codec.PackageManifest.Asked;
import org.ashlar.codec.PackageMetadata;
import org.ashlar.codec.PackageReport;

/**
 * What a package wants of the node: as capabilities for the kernel, and in plain words for the person who decides
 * (reference-kernel 5.2, 5.6, 6.3).
 */
final class Wishes {
    private static final ProcessId KERNEL = ProcessId.parse("kernel:distro:sys");
    private static final ProcessId VFS = ProcessId.parse("vfs:distro:sys");
    private static final String ROOT = "{\"root\":true}";
    /** What it means to message processes of the node itself. */
    private static final Map<ProcessId, String> MEANINGS = Map.of(
            KERNEL, "command the kernel: start, stop and change every process",
            ProcessId.parse("packages:distro:sys"), "install and remove packages",
            ProcessId.parse("terminal:terminal:sys"), "show you lines at your terminal");

    private Wishes() { }

    /** What a process holds from the start, beside messaging to itself, which the kernel adds. */
    static List<Capability> capabilities(PackageManifest.Process process, String node) {
        List<Capability> all = new ArrayList<>();
        if (process.networking()) {
            all.add(new Capability(new Address(node, KERNEL), Capability.NETWORK));
        }
        process.requests().forEach(asked -> all.add(new Capability(new Address(node, asked.with()), asked.params())));
        String drive = "/" + process.id().packageId() + "/" + FileStore.PACKAGE_DRIVE;
        for (String kind : List.of("read", "write")) {
            all.add(new Capability(new Address(node, VFS), "{\"kind\":\"" + kind + "\",\"drive\":\"" + drive + "\"}"));
        }
        return all;
    }

    /** What others get from the package's processes. */
    static List<GrantCapabilities> grants(PackageManifest manifest, String node) {
        List<GrantCapabilities> grants = new ArrayList<>();
        for (PackageManifest.Process process : manifest.processes()) {
            process.grants().forEach(grant -> grants.add(new GrantCapabilities(grant.with(),
                    List.of(new Capability(new Address(node, process.id()), grant.params())))));
        }
        return grants;
    }

    /** What processes of {@code before} asked for, and what it gave to others, that {@code after} does not any more. */
    static List<DropCapabilities> withdrawn(PackageManifest before, PackageManifest after, String node) {
        Map<ProcessId, Set<Capability>> left = held(before, node);
        held(after, node).forEach((holder, capabilities) ->
                Optional.ofNullable(left.get(holder)).ifPresent(all -> all.removeAll(capabilities)));
        return left.entrySet().stream().filter(each -> !each.getValue().isEmpty())
                .map(each -> new DropCapabilities(each.getKey(), List.copyOf(each.getValue()))).toList();
    }

    private static Map<ProcessId, Set<Capability>> held(PackageManifest manifest, String node) {
        Map<ProcessId, Set<Capability>> held = new TreeMap<>();
        manifest.processes().forEach(process ->
                held.computeIfAbsent(process.id(), id -> new LinkedHashSet<>()).addAll(capabilities(process, node)));
        grants(manifest, node).forEach(grant ->
                held.computeIfAbsent(grant.target(), id -> new LinkedHashSet<>()).addAll(grant.capabilities()));
        return held;
    }

    /** The package for a person's eye; {@code installed} is what was granted to the version that is there. */
    static PackageReport report(PackageImage image, Optional<PackageReport> installed) {
        List<String> asks = new ArrayList<>();
        List<String> gives = new ArrayList<>();
        for (PackageManifest.Process process : image.manifest().processes()) {
            String name = process.id().process();
            if (process.networking()) {
                asks.add(name + " wants to exchange messages with other nodes");
            }
            process.requests().forEach(asked -> asks.add(name + " wants to " + wish(asked)));
            if (process.isPublic()) {
                gives.add("every process on this node may send messages to " + name);
            }
            process.grants().forEach(grant -> gives.add(grant.with() + " may " + gift(grant, name)));
        }
        Set<String> fresh = new LinkedHashSet<>(asks);
        fresh.addAll(gives);
        installed.ifPresent(before -> {
            fresh.removeAll(before.asks());
            fresh.removeAll(before.grants());
        });
        return new PackageReport(image.id(), image.version(), installed.map(PackageReport::version),
                image.metadata().flatMap(PackageMetadata::name), image.metadata().flatMap(PackageMetadata::description),
                image.hash(), image.processes(), asks, gives, List.copyOf(fresh), image.manifest().notices());
    }

    private static String wish(Asked asked) {
        if (asked.params().equals(Capability.MESSAGING)) {
            return Optional.ofNullable(MEANINGS.get(asked.with())).orElse("send messages to " + asked.with());
        }
        if (asked.with().equals(KERNEL) && asked.params().equals(Capability.NETWORK)) {
            return "exchange messages with other nodes";
        }
        if (asked.with().equals(VFS) && asked.params().equals(ROOT)) {
            return "read and write the files of all packages";
        }
        return "do what " + asked.with() + " allows with " + asked.params();
    }

    private static String gift(Asked grant, String name) {
        return grant.params().equals(Capability.MESSAGING) ? "send messages to " + name
                : "do what " + name + " allows with " + grant.params();
    }
}
