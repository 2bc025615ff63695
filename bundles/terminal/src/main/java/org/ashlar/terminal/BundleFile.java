package org.ashlar.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * A jar that can become a bundle of this node.
 *
 * @param services services of the API that it says it offers, without their packages
 */
record BundleFile(Path path, String symbolicName, String version, Set<String> services) {
    private static final String JAR = ".jar";

    static BundleFile read(Path jar) throws CommandException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String name = header(headers, Constants.BUNDLE_SYMBOLICNAME).orElseThrow(() -> CommandException.failed(
                    jar + " is no bundle: it names no " + Constants.BUNDLE_SYMBOLICNAME));
            return new BundleFile(jar, name.split(";")[0].strip(), header(headers, Constants.BUNDLE_VERSION).orElse("0.0.0"),
                    services(header(headers, Constants.PROVIDE_CAPABILITY).orElse("")));
        } catch (IOException e) {
            throw CommandException.failed(jar + " cannot be read as a jar: " + e.getMessage());
        }
    }

    private static Optional<String> header(Attributes headers, String name) {
        return Optional.ofNullable(headers.getValue(name));
    }

    private static Set<String> services(String capabilities) {
        return Arrays.stream(capabilities.split("[\",;]")).filter(each -> each.startsWith(Parts.API))
                .map(each -> each.substring(each.lastIndexOf('.') + 1)).collect(Collectors.toSet());
    }

    /** What lies in the distribution beside what a node begins with. A jar that cannot be read is left out. */
    static List<BundleFile> alternatives(BundleContext context) {
        return alternativesFolder(context).map(BundleFile::jars).orElse(List.of()).stream().flatMap(BundleFile::readable)
                .toList();
    }

    private static List<Path> jars(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(each -> each.toString().endsWith(JAR)).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static Stream<BundleFile> readable(Path jar) {
        try {
            return Stream.of(read(jar));
        } catch (CommandException e) {
            return Stream.empty();
        }
    }

    /** This bundle lies somewhere below the distribution's folder. */
    private static Optional<Path> alternativesFolder(BundleContext context) {
        String own = context.getBundle().getLocation().replace("reference:", "");
        if (own.startsWith("file:")) {
            for (Path up = Path.of(URI.create(own)); up != null; up = up.getParent()) {
                if (Files.isDirectory(up.resolve("alternatives"))) {
                    return Optional.of(up.resolve("alternatives"));
                }
            }
        }
        return Optional.empty();
    }

    /** What a person calls it: its file, without the ending. */
    String name() {
        String file = path.getFileName().toString();
        return file.substring(0, file.length() - JAR.length());
    }

    /** With what to type for it. */
    String shown() {
        return symbolicName + " " + version + " (swap " + name() + ")";
    }
}
