package org.ashlar.durability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A package of probes ({@code itest/probe}) as a folder that {@code ashlar start} takes: {@code NAME:probes:tester}, which
 * restart, and may ask the kernel and databases. Each one notes the version of its package when it starts.
 *
 * @param folder  where it lies
 * @param version of the package
 */
record ProbePackage(Path folder, String version) {
    static final String ID = "probes:tester";
    private static final Path PROBES = NodeUnderTest.ROOT.resolve("itest/probe");
    private static final byte[] START = "#ashlar-probe-start#".getBytes(StandardCharsets.US_ASCII);
    private static final int START_ROOM = 2048;

    /** Writes one. @param ballast size of a file that makes it take longer to install, in bytes */
    static ProbePackage write(Path folder, String version, Collection<String> processes, int ballast) throws IOException {
        Path pkg = Files.createDirectories(folder.resolve("pkg"));
        Files.writeString(folder.resolve("metadata.json"), """
                {"name": "Probes", "properties": {"package_name": "probes", "publisher": "tester", "current_version": "%s",
                 "mirrors": [], "code_hashes": {}}}
                """.formatted(version));
        List<String> entries = processes.stream().map("""
                {"process_name": "%s", "process_wasm_path": "/probe.wasm", "on_exit": "Restart", "request_networking": false,
                 "request_capabilities": ["kernel:distro:sys", "kv:distro:sys", "sqlite:distro:sys"], "grant_capabilities": [], "public": true}
                """::formatted).toList();
        Files.writeString(pkg.resolve("manifest.json"), entries.toString());
        Files.write(pkg.resolve("probe.wasm"), probeThatNotes(version));
        Files.write(pkg.resolve("small.wasm"), smallComponent());
        byte[] bytes = new byte[ballast];
        new Random(version.hashCode()).nextBytes(bytes);
        Files.write(pkg.resolve("ballast"), bytes);
        return new ProbePackage(folder, version);
    }

    static String process(String name) {
        return name + ':' + ID;
    }

    /** A component that is small enough to be sent in a script. */
    static byte[] smallComponent() throws IOException {
        return Files.readAllBytes(PROBES.resolve("echo-hyperware.wasm"));
    }

    private static byte[] probeThatNotes(String version) throws IOException {
        byte[] probe = Files.readAllBytes(PROBES.resolve("probe.wasm"));
        int from = 0;
        while (!Arrays.equals(probe, from, from + START.length, START, 0, START.length)) {
            from++;
        }
        byte[] commands = ("note text=" + version + "\nquiet\n").getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(probe, from, from + START_ROOM, (byte) '\n');
        System.arraycopy(commands, 0, probe, from, commands.length);
        return probe;
    }

    /** What is in its {@code pkg}: names and the hashes of contents. */
    TreeMap<String, Integer> content() throws IOException {
        return contentOf(folder.resolve("pkg"));
    }

    /** What is in a folder; hidden files, which are the node's own marks, left out. */
    static TreeMap<String, Integer> contentOf(Path folder) throws IOException {
        TreeMap<String, Integer> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    content.put(folder.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return content;
    }
}
