package org.ashlar.backup.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** A disk that stops after so many changes, and then loses whatever was not synced: new names, and bytes of files. */
final class LosingDisk implements Disk {
    private final Disk real;
    private final Deque<Path> names = new ArrayDeque<>();
    private final Set<Path> unwritten = new HashSet<>();
    private int left;

    /** @param changes how many are made before the power fails */
    LosingDisk(Disk real, int changes) {
        this.real = real;
        this.left = changes;
    }

    private void step() throws IOException {
        if (left-- <= 0) {
            throw new IOException("the power failed");
        }
    }

    boolean failed() {
        return left < 0;
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        step();
        boolean fresh = !Files.exists(folder);
        real.makeFolder(folder);
        if (fresh) {
            names.push(folder);
        }
    }

    @Override
    public void write(Path file, ByteBuffer content) throws IOException {
        step();
        real.write(file, content);
        names.push(file);
        unwritten.add(file);
    }

    @Override
    public void sync(Path file) throws IOException {
        step();
        real.sync(file);
        unwritten.remove(file);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        step();
        real.link(file, name);
        names.push(name);
        if (unwritten.contains(file)) {
            unwritten.add(name);
        }
    }

    @Override
    public boolean delete(Path file) throws IOException {
        step();
        names.remove(file);
        return real.delete(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step();
        real.syncFolder(folder);
        names.removeIf(name -> name.getParent().equals(folder));
    }

    /** What is there when the power is back. */
    void crash() throws IOException {
        for (Path file : unwritten) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.write(file, new byte[0]);
            }
        }
        while (!names.isEmpty()) {
            remove(names.pop());
        }
    }

    /** A folder whose name is lost takes along what is in it. */
    private static void remove(Path lost) throws IOException {
        if (Files.isDirectory(lost, LinkOption.NOFOLLOW_LINKS)) {
            try (var inside = Files.list(lost)) {
                for (Path each : inside.toList()) {
                    remove(each);
                }
            }
        }
        Files.deleteIfExists(lost);
    }
}
