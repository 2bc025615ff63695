package org.ashlar.backup.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.RefusedException;

/**
 * A plain folder. An object is a file of its name below it, so that other programs for the same format can use the folder
 * as it is.
 * <p>
 * A put writes a file in {@code tmp/}, syncs it, gives it its name with a hard link, which fails when the name is taken, and
 * syncs the folder. What a crash leaves in {@code tmp/} is removed a day later, when a target is opened.
 */
final class LocalTarget implements BackupTarget {
    private static final String UNFINISHED = "tmp";
    /** How unfinished files are called: what a person had in a folder of that name before is none. */
    private static final Pattern OWN = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** An unfinished file as old as that belongs to nobody any more. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path root;
    private final FileDisk disk;
    /** Folders that are there and durable. */
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Opens a folder, and makes it when it is missing, but none above it: a missing mount must not be mistaken for an empty target.
     *
     * @throws IOException when it cannot be used
     */
    LocalTarget(Path root) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        this.disk = new FileDisk(root);
        if (!Files.isDirectory(this.root)) {
            Path above = this.root.getParent();
            if (above == null || !Files.isDirectory(above)) {
                throw new NoSuchFileException(this.root.toString(), null, "the folder above it is missing; is the disk there?");
            }
            disk.makeFolder(this.root);
            disk.syncFolder(above);
        }
        removeAbandoned();
    }

    private void removeAbandoned() throws IOException {
        Path unfinished = root.resolve(UNFINISHED);
        if (!Files.isDirectory(unfinished, NOFOLLOW_LINKS)) {
            return;
        }
        Instant limit = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(unfinished)) {
            for (Path file : files) {
                if (OWN.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file, NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(file, NOFOLLOW_LINKS).toInstant().isBefore(limit)) {
                    disk.delete(file);
                }
            }
        }
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        Path file = file(name);
        if (Files.exists(file, NOFOLLOW_LINKS)) {
            // Somebody who put it just now may not have synced the folder yet; what this answers must last as well.
            disk.syncFolder(file.getParent());
            return false;
        }
        try {
            makeFolders(file.getParent());
            makeFolders(root.resolve(UNFINISHED));
            Path fresh = root.resolve(UNFINISHED).resolve(UUID.randomUUID().toString());
            try {
                disk.write(fresh, content.duplicate());
                disk.sync(fresh);
                return name(fresh, file);
            } finally {
                disk.delete(fresh);
            }
        } catch (AccessDeniedException e) {
            throw refused(e);
        }
    }

    private boolean name(Path fresh, Path file) throws IOException {
        boolean first;
        try {
            disk.link(fresh, file);
            first = true;
        } catch (FileAlreadyExistsException e) {
            first = false;
        } catch (NoSuchFileException e) {
            folders.clear();
            throw e;
        }
        disk.syncFolder(file.getParent());
        return first;
    }

    private void makeFolders(Path folder) throws IOException {
        if (folder.equals(root) || folders.contains(folder)) {
            return;
        }
        makeFolders(folder.getParent());
        disk.makeFolder(folder);
        disk.syncFolder(folder.getParent());
        folders.add(folder);
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        Path file = file(name);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        int before = into.position();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (into.hasRemaining() && channel.read(into, offset + into.position() - before) >= 0) {
                // a read may give less than was asked for
            }
        } catch (AccessDeniedException e) {
            throw refused(e);
        }
        return into.position() - before;
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        list(file(folder), folder, each);
    }

    private void list(Path folder, String prefix, Consumer<Stored> each) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = prefix + '/' + entry.getFileName();
                if (!BackupTarget.isName(name)) {
                    continue;
                }
                BasicFileAttributes attributes;
                try {
                    attributes = Files.readAttributes(entry, BasicFileAttributes.class, NOFOLLOW_LINKS);
                } catch (NoSuchFileException e) {
                    continue;
                }
                if (attributes.isDirectory()) {
                    list(entry, name, each);
                } else if (attributes.isRegularFile()) {
                    each.accept(new Stored(name, attributes.size()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (!Files.isDirectory(root)) {
                throw new NoSuchFileException(root.toString(), null, "the target's folder is gone; is the disk there?");
            }
        } catch (AccessDeniedException e) {
            throw refused(e);
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        Path file = file(name);
        try {
            boolean was = Files.isRegularFile(file, NOFOLLOW_LINKS) && disk.delete(file);
            if (was) {
                disk.syncFolder(file.getParent());
            }
            return was;
        } catch (AccessDeniedException e) {
            throw refused(e);
        }
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file(name), BasicFileAttributes.class, NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (AccessDeniedException e) {
            throw refused(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private Path file(String name) throws IOException {
        BackupTarget.requireName(name);
        if (closed) {
            throw new ClosedChannelException();
        }
        return root.resolve(name);
    }

    private RefusedException refused(AccessDeniedException e) {
        return new RefusedException("The backup folder " + root + " may not be used by this user: " + e.getMessage()
                + ". Give it to the user that the node runs as.", e);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
