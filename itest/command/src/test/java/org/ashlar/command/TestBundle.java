package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Bundles to be deployed. */
final class TestBundle {
    private TestBundle() { }

    /** The smallest there is: a manifest. */
    static Path write(Path jar, String symbolicName) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream bundle = new JarOutputStream(out, manifest)) {
            bundle.finish();
        }
        return jar;
    }

    /** The bundle that a module of {@code itest/} is built into. */
    static Path built(String module) throws IOException {
        try (Stream<Path> built = Files.list(Ashlar.ROOT.resolve("itest").resolve(module).resolve("target"))) {
            return built.filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar")).findFirst().orElseThrow();
        }
    }

    /** The node's own bundle of that name. */
    static Path ofNode(String part) throws IOException {
        try (Stream<Path> files = Files.walk(Ashlar.ROOT.resolve("features/target/node/repository/org/ashlar/" + part))) {
            return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
    }

    /** Another bundle with a change of its manifest. */
    static Path variant(Path source, Path jar, Consumer<Attributes> change) throws IOException {
        return variant(source, jar, change, Set.of());
    }

    /** @param without entries that are left out */
    static Path variant(Path source, Path jar, Consumer<Attributes> change, Set<String> without) throws IOException {
        try (JarFile from = new JarFile(source.toFile())) {
            assertTrue(without.stream().allMatch(entry -> from.getEntry(entry) != null), without + " are in it");
            Manifest manifest = new Manifest(from.getManifest());
            change.accept(manifest.getMainAttributes());
            try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (JarEntry entry : from.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME)
                        && !without.contains(each.getName())).toList()) {
                    to.putNextEntry(new JarEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(to);
                }
            }
        }
        return jar;
    }
}
