package org.ashlar.itest;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** The hot-deploy folder of the node that the tests are in, and variants of the node's own bundles to be put there. */
final class DeployFolder {
    /** The version of variants: later than any. */
    static final String NEXT = "99.0.0";

    private final BundleContext context;

    DeployFolder(BundleContext context) {
        this.context = context;
    }

    /** The bundle that a module beside this one is built into. @param property the system property that says where that is */
    static Path built(String property, String module) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty(property)))) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar")).findFirst().orElseThrow().toRealPath();
        }
    }

    Path folder() {
        return Path.of(context.getProperty("ashlar.home"), "deploy");
    }

    void deploy(Path jar) throws IOException {
        Files.move(jar, folder().resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes the file of a part, or of whatever else, out again. */
    void remove(String part) throws IOException {
        Files.delete(folder().resolve(part + ".jar"));
    }

    /** Empties the folder, and waits until nothing is deployed. */
    void clear() throws Exception {
        try (var files = Files.list(folder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        await("all that was deployed is gone", () -> Arrays.stream(context.getBundles())
                .noneMatch(bundle -> bundle.getLocation().startsWith(folder().toFile().toURI().toString())));
    }

    /** The versions of a part of the node that are active. */
    List<String> active(String part) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> ("org.ashlar." + part).equals(bundle.getSymbolicName())
                        && bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString()).toList();
    }

    /** The bundle of that part that the node came with. */
    Bundle first(String part) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> ("org.ashlar." + part).equals(bundle.getSymbolicName())).findFirst().orElseThrow();
    }

    /** What lies beside the node in its distribution, to be deployed; a file PART.jar. */
    Path alternative(String part) throws IOException {
        Path jar = Path.of(System.getProperty("node.dir"), "alternatives", part + ".jar");
        return Files.copy(jar, folder().resolveSibling(part + ".jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** The part's own jar with a later version, and with another change of its manifest; a file PART.jar. */
    Path variant(String part, Consumer<Attributes> change) throws IOException {
        return variant(part, part, change);
    }

    /** @param name the file is NAME.jar */
    Path variant(String part, String name, Consumer<Attributes> change) throws IOException {
        return variant(part, name, change, Set.of());
    }

    /** The part's own jar with a later version and without some classes, which shows only when they are first needed. */
    Path variantWithout(String part, String... classes) throws IOException {
        return variant(part, part, manifest -> { }, Arrays.stream(classes).map(name -> name.replace('.', '/') + ".class")
                .collect(Collectors.toSet()));
    }

    private Path variant(String part, String name, Consumer<Attributes> change, Set<String> without) throws IOException {
        Bundle own = first(part);
        Path source = Path.of(java.net.URI.create(own.getLocation().replace("reference:", "")));
        Path target = folder().resolveSibling(name + ".jar");
        try (JarFile from = new JarFile(source.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            assertTrue(without + " are in it", without.stream().allMatch(entry -> from.getEntry(entry) != null));
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, NEXT);
            change.accept(manifest.getMainAttributes());
            try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (JarEntry entry : from.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME)
                        && !without.contains(each.getName())).toList()) {
                    to.putNextEntry(new JarEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(to);
                }
            }
        }
        return target;
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            assertTrue(what + " within 60 s", System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
