package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a JVM of its own, without a node, is started with. */
final class ClassPath {
    private ClassPath() { }

    /** This module's jar, those of rivals, and the node's own jars whose paths contain one of {@code needed}. */
    static String of(Path root, List<String> needed) throws IOException {
        List<String> all = new ArrayList<>(List.of(root.resolve("bench/target/bench.jar").toString(), root.resolve("bench/target/rivals/*").toString()));
        try (Stream<Path> jars = Files.walk(root.resolve("features/target/node/repository"))) {
            all.addAll(jars.map(Path::toString).filter(jar -> jar.endsWith(".jar") && needed.stream().anyMatch(jar::contains)).toList());
        }
        return String.join(":", all);
    }

    /** The same, each jar that is signed as a copy in {@code folder} that is not: the JVM checks every class against that when it starts, a node's framework does not. */
    static String unsigned(Path root, List<String> needed, Path folder) throws IOException {
        List<String> all = new ArrayList<>();
        for (String entry : of(root, needed).split(":")) {
            all.add(entry.contains("/bcprov-") ? unsigned(Path.of(entry), folder).toString() : entry);
        }
        return String.join(":", all);
    }

    private static Path unsigned(Path jar, Path folder) throws IOException {
        Path copy = Files.copy(jar, folder.resolve(jar.getFileName()));
        try (FileSystem zip = FileSystems.newFileSystem(copy); DirectoryStream<Path> signatures = Files.newDirectoryStream(zip.getPath("META-INF"),
                "*.{SF,DSA,RSA,EC}")) {
            for (Path signature : signatures) {
                Files.delete(signature);
            }
        }
        return copy;
    }

    /** The command that runs {@code main} on it. */
    static List<String> java(String classPath, List<String> options, Class<?> main, Object... words) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        Stream.of(words).map(String::valueOf).forEach(command::add);
        return command;
    }
}
