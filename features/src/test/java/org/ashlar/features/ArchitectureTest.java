package org.ashlar.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.header.OSGiHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Rule 3 of the architecture: bundles meet only in the libraries. An implementation bundle exports nothing and imports
 * nothing of another implementation bundle. Checked on the built jars of all modules below {@code bundles/}.
 */
class ArchitectureTest {
    private static final Path BUNDLES = Path.of("..", "bundles");
    /** The libraries of the house, and the kits for tests. A module that is not named here is an implementation. */
    private static final Set<String> LIBRARIES = Set.of("api", "codec", "component", "wasi", "wasm", "repository", "noise", "tck",
            "files", "senders", "databases", "http", "sockets");
    /** Small code that bundles carry inside, each its own copy, instead of importing it. */
    private static final Set<String> CARRIED = Set.of("org.ashlar.control", "org.ashlar.files", "org.ashlar.senders",
            "org.ashlar.databases", "org.ashlar.http", "org.ashlar.sockets");
    private static final String OURS = "org.ashlar.";

    @Test
    void anImplementationBundleExportsNothing() throws Exception {
        List<String> violations = new ArrayList<>();
        for (String module : implementations()) {
            Set<String> exported = packages(module, "Export-Package");
            if (!exported.isEmpty()) {
                violations.add(module + " exports " + exported);
            }
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void whatAnImplementationBundleImportsOfOursComesFromALibrary() throws Exception {
        Set<String> offered = new HashSet<>();
        for (String library : modules().stream().filter(LIBRARIES::contains).toList()) {
            offered.addAll(packages(library, "Export-Package"));
        }
        List<String> violations = new ArrayList<>();
        for (String module : implementations()) {
            for (String imported : packages(module, "Import-Package")) {
                if (imported.startsWith(OURS) && !offered.contains(imported)) {
                    violations.add(module + " imports " + imported);
                }
            }
        }
        assertEquals(List.of(), violations);
    }

    /** Carrying another module's classes inside would be the same dependence in disguise. */
    @Test
    void noImplementationBundleCarriesAnothersClasses() throws Exception {
        List<String> violations = new ArrayList<>();
        for (String module : implementations()) {
            for (String other : implementations()) {
                Set<String> common = ownPackages(module);
                common.retainAll(ownPackages(other));
                common.removeAll(CARRIED);
                if (!module.equals(other) && !common.isEmpty()) {
                    violations.add(module + " and " + other + " both contain " + common);
                }
            }
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void theApiDependsOnNothing() throws Exception {
        assertEquals(Set.of(), packages("api", "Import-Package").stream()
                .filter(name -> !name.startsWith("java.") && !name.startsWith("org.ashlar.api")).collect(Collectors.toSet()));
    }

    private static List<String> modules() throws Exception {
        try (Stream<Path> folders = Files.list(BUNDLES)) {
            List<String> modules = folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString()).sorted().toList();
            assertTrue(modules.containsAll(List.of("api", "kernel")), modules.toString());
            return modules;
        }
    }

    private static List<String> implementations() throws Exception {
        return modules().stream().filter(module -> !LIBRARIES.contains(module)).toList();
    }

    private static Path jar(String module) throws Exception {
        try (Stream<Path> files = Files.list(BUNDLES.resolve(module).resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar"))
                    .filter(file -> !file.toString().contains("-sources") && !file.toString().contains("-tests"))
                    .findFirst().orElseThrow(() -> new AssertionError("the module " + module + " is built"));
        }
    }

    private static Set<String> packages(String module, String header) throws Exception {
        String value = FeatureFiles.manifest(jar(module)).getMainAttributes().getValue(header);
        return value == null ? Set.of() : new TreeSet<>(OSGiHeader.parseHeader(value).keySet());
    }

    private static Set<String> ownPackages(String module) throws Exception {
        try (var jar = new java.util.jar.JarFile(jar(module).toFile())) {
            return jar.stream().map(entry -> entry.getName()).filter(name -> name.startsWith("org/ashlar/") && name.endsWith(".class"))
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
