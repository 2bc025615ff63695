package org.ashlar.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.store.Snapshotable.Entry.Kind;
import org.ashlar.api.store.Snapshotable.Version;
import org.ashlar.files.ChangeTimes;

/**
 * A plain file, folder or link of a drive, as it was when it was looked at.
 *
 * @param target  where a link leads
 * @param size    of a file, in bytes
 * @param version of a file, when it can tell this content from another; see {@link Sight}
 */
record Found(DrivePath path, Kind kind, String target, long size, Instant modified, Optional<Version> version) {
    private static final String ATTRIBUTES = "unix:size,ctime,ino";

    /** The same under the path that it had at the cut, and perhaps changed since then. */
    Found touched(DrivePath then) {
        return new Found(then, kind, target, size, modified, Optional.empty());
    }

    /**
     * Looks at drives. What was changed at {@code now} or shortly before has no version: it may change again without its time of change
     * becoming another one.
     *
     * @param now by the clock of the file system that is looked at
     */
    record Sight(Instant now) {
        /** Sees no versions. */
        static final Sight OF_NAMES = new Sight(Instant.MIN);

        /** As of now. @param folder on the file system that is looked at; a file is made there, and deleted */
        static Sight in(Path folder) throws IOException {
            return new Sight(ChangeTimes.now(folder));
        }

        /** What is at and below a path, which is found at {@code host} for now. No link is followed; what disappears meanwhile is passed over. */
        List<Found> below(DrivePath path, Path host) throws IOException {
            List<Found> all = new ArrayList<>();
            Files.walkFileTree(host, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return visitFile(folder, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    of(named(path, host.relativize(file)), file, attributes).ifPresent(all::add);
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
            return all;
        }

        /** What is at a path, alone. */
        Optional<Found> at(DrivePath path, Path host) throws IOException {
            return of(path, host, Files.readAttributes(host, BasicFileAttributes.class, NOFOLLOW_LINKS));
        }

        /** Empty for what is neither plain file, folder nor link, and for a link that is gone. */
        private Optional<Found> of(DrivePath path, Path host, BasicFileAttributes seen) {
            Instant modified = seen.lastModifiedTime().toInstant();
            if (seen.isRegularFile()) {
                return Optional.of(file(path, host, seen.size(), modified));
            }
            if (seen.isDirectory()) {
                return Optional.of(new Found(path, Kind.FOLDER, "", 0, modified, Optional.empty()));
            }
            try {
                return seen.isSymbolicLink() ? Optional.of(new Found(path, Kind.LINK, Files.readSymbolicLink(host).toString(), 0, modified,
                        Optional.empty())) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private Found file(DrivePath path, Path host, long size, Instant modified) {
            Found plain = new Found(path, Kind.FILE, "", size, modified, Optional.empty());
            if (equals(OF_NAMES)) {
                return plain;
            }
            try {
                Map<String, Object> unix = Files.readAttributes(host, ATTRIBUTES, NOFOLLOW_LINKS);
                Instant changed = ((FileTime) unix.get("ctime")).toInstant();
                return changed.isBefore(now.minus(ChangeTimes.GRAIN)) ? new Found(path, Kind.FILE, "", (long) unix.get("size"), modified,
                        Optional.of(new Version(changed, (long) unix.get("ino")))) : plain;
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
                return plain; // gone, or of a file system that does not tell: it is read
            }
        }

        private static DrivePath named(DrivePath path, Path relative) {
            List<String> names = new ArrayList<>();
            relative.forEach(name -> names.add(name.toString()));
            names.remove(""); // the path itself
            return path.descendant(names);
        }
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
