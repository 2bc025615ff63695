package org.ashlar.features;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureExtension;
import org.osgi.service.feature.ID;

/** The feature files as the build has laid them out in {@code target/node}. */
final class FeatureFiles {
    private static final Path NODE = Path.of(System.getProperty("node.dir"));

    private FeatureFiles() { }

    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(NODE.resolve("features"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    static Feature read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return new FeatureServiceImpl().readFeature(reader);
        }
    }

    static List<Path> bundles(Feature feature) {
        return feature.getBundles().stream().map(bundle -> jar(bundle.getID())).toList();
    }

    static List<String> text(Feature feature, String extension) {
        FeatureExtension found = feature.getExtensions().get(extension);
        return found == null ? List.of() : found.getText();
    }

    static Path framework() throws IOException {
        try (Stream<Path> files = Files.list(NODE.resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("org.apache.felix.framework-"))
                    .findFirst().orElseThrow();
        }
    }

    private static Path jar(ID id) {
        return NODE.resolve("repository").resolve(id.getGroupId().replace('.', '/')).resolve(id.getArtifactId())
                .resolve(id.getVersion()).resolve(id.getArtifactId() + "-" + id.getVersion() + ".jar");
    }

    static Manifest manifest(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest();
        } catch (IOException e) {
            throw new UncheckedIOException(jar.toString(), e);
        }
    }
}
