package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Finds plain files by walking, following no link; what disappears meanwhile is passed over. */
final class PlainFiles {
    private PlainFiles() { }

    /** The plain files at and below a path, which is found at {@code host} for now. */
    static List<DrivePath> below(DrivePath path, Path host) throws IOException {
        List<DrivePath> files = new ArrayList<>();
        Files.walkFileTree(host, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(named(path, host.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException cause) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException cause) {
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static DrivePath named(DrivePath path, Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        names.remove(""); // the file itself
        return path.descendant(names);
    }

    /** What is found below {@code folder} by following {@code names}. */
    static Path resolve(Path folder, List<String> names) {
        Path at = folder;
        for (String name : names) {
            at = at.resolve(name);
        }
        return at;
    }
}
