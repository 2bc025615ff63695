package org.ashlar.bench;

import java.io.IOException;
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

    /** The command that runs {@code main} on it. */
    static List<String> java(String classPath, List<String> options, Class<?> main, Object... words) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        Stream.of(words).map(String::valueOf).forEach(command::add);
        return command;
    }
}
