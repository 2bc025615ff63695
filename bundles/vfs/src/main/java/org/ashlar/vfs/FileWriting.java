package org.ashlar.vfs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.FileStore;

/** What makes files and changes their content (reference-modules 3.2). */
final class FileWriting {
    private final DriveTree tree;
    private final Handles handles;

    FileWriting(DriveTree tree, Handles handles) {
        this.tree = tree;
        this.handles = handles;
    }

    /** Opens the file of a handle, for reading and writing. */
    static Handle.Opener opener(DriveTree tree) {
        return path -> {
            try (Folder folder = tree.parent(path)) {
                return existing(folder, path.name());
            }
        };
    }

    private static FileChannel existing(Folder folder, String name) throws IOException {
        if (folder.findFile(name).isEmpty()) {
            throw new NoSuchFileException(name);
        }
        return folder.channel(name, READ, WRITE);
    }

    /** Makes the file, or empties it, and opens it. */
    Outcome create(ProcessId process, DrivePath path) throws IOException {
        Volume volume = tree.volume(path);
        volume.change(() -> {
            try (Folder folder = tree.parent(path)) {
                if (folder.findFile(path.name()).isEmpty()) {
                    make(folder, path, volume);
                } else {
                    tree.keeping().changes(path, folder);
                    try (FileChannel file = existing(folder, path.name())) {
                        resize(volume, file, 0);
                    }
                }
            }
            return null;
        });
        handles.close(process, path);
        handles.get(process, path);
        return Outcome.DONE;
    }

    /** Opens the file with the cursor at its beginning. */
    Outcome open(ProcessId process, DrivePath path, boolean create) throws IOException {
        if (create) {
            Volume volume = tree.volume(path);
            volume.change(() -> {
                try (Folder folder = tree.parent(path)) {
                    if (folder.findFile(path.name()).isEmpty()) {
                        make(folder, path, volume);
                    }
                }
                return null;
            });
        }
        handles.get(process, path).cursor(0);
        return Outcome.DONE;
    }

    private void make(Folder folder, DrivePath path, Volume volume) throws IOException {
        volume.take(Usage.ofEntries(1));
        tree.keeping().appears(path);
        try {
            folder.channel(path.name(), CREATE_NEW, WRITE).close();
        } catch (IOException e) {
            volume.give(Usage.ofEntries(1));
            throw e;
        }
    }

    /** Puts a new file into the place of the one that is there, if any, in one step. */
    Outcome replace(DrivePath path, Blob blob) throws IOException {
        try (Folder folder = tree.parent(path)) {
            replace(folder, path, blob.length(), file -> Chunks.write(blob, file, 0));
        }
        return Outcome.DONE;
    }

    /** Copies a file; what has the new name is replaced in one step. */
    Outcome copy(DrivePath from, DrivePath to) throws IOException {
        try (Folder source = tree.parent(from); FileChannel file = FileReading.open(source, from.name());
                Folder target = tree.parent(to)) {
            replace(target, to, file.size(), copy -> Chunks.copy(file, copy));
        }
        return Outcome.DONE;
    }

    /** Writes the content of a new file. */
    private interface Content {
        void into(FileChannel file) throws IOException;
    }

    private void replace(Folder folder, DrivePath path, long length, Content content) throws IOException {
        String fresh = DriveTree.stageName();
        Volume volume = tree.volume(path);
        Usage former = usage(folder, path.name());
        Usage room = new Usage(length, 1).minus(former);
        volume.take(room);
        boolean placed = false;
        try {
            try (FileChannel file = tree.stage().channel(fresh, CREATE_NEW, WRITE)) {
                content.into(file);
            }
            place(volume, tree.stage(), fresh, folder, path, former);
            placed = true;
        } finally {
            if (!placed) {
                discard(fresh);
                volume.give(room);
            }
        }
    }

    /**
     * Moves a file from where it was made to its place. Its room is taken already.
     *
     * @param former what there was in its place when the room was taken, and is given back already
     */
    void place(Volume volume, Folder made, String name, Folder folder, DrivePath path, Usage former) throws IOException {
        volume.change(() -> {
            Usage replaced = usage(folder, path.name());
            tree.keeping().disappears(path, folder);
            made.move(name, folder, path.name());
            volume.give(replaced.minus(former));
            handles.refresh(path);
            return null;
        });
    }

    /** What a file takes, if there is one. */
    private static Usage usage(Folder folder, String name) throws IOException {
        return folder.findFile(name).map(file -> new Usage(file.size(), 1)).orElse(Usage.NONE);
    }

    private void discard(String staged) throws IOException {
        if (tree.stage().find(staged).isPresent()) {
            tree.stage().deleteFile(staged);
        }
    }

    Outcome atCursor(ProcessId process, DrivePath path, Blob blob) throws IOException {
        Handle handle = handles.get(process, path);
        Volume volume = tree.volume(path);
        return volume.changeContent(() -> handles.use(handle, file -> {
            keep(path);
            writeAt(volume, file, handle.cursor(), blob);
            handle.cursor(handle.cursor() + blob.length());
            return Outcome.DONE;
        }));
    }

    /** Writes at the end, where the cursor then is, if the process has one. */
    Outcome append(ProcessId process, DrivePath path, Blob blob) throws IOException {
        Handle handle = handles.get(process, path);
        Volume volume = tree.volume(path);
        return volume.changeContent(() -> handles.use(handle, file -> {
            keep(path);
            writeAt(volume, file, file.size(), blob);
            handle.cursor(file.size());
            return Outcome.DONE;
        }));
    }

    private void keep(DrivePath path) throws IOException {
        if (tree.keeping().isActive()) {
            try (Folder folder = tree.parent(path)) {
                tree.keeping().changes(path, folder);
            }
        }
    }

    private static void writeAt(Volume volume, FileChannel file, long offset, Blob blob) throws IOException {
        long end = offset + blob.length();
        if (end < 0) {
            throw new IOException("a file has at most 2^63-1 bytes");
        }
        long before = file.size();
        long growth = Math.max(0, end - before);
        volume.take(Usage.ofBytes(growth));
        boolean written = false;
        try {
            Chunks.write(blob, file, offset);
            written = true;
        } finally {
            if (!written) {
                // A full disk may have taken only a part: what counts is what is there.
                volume.give(Usage.ofBytes(growth - Math.max(0, file.size() - before)));
            }
        }
    }

    Outcome setLength(DrivePath path, long length) throws IOException {
        if (length < 0) {
            throw new IOException("a file has at most 2^63-1 bytes");
        }
        Volume volume = tree.volume(path);
        return volume.changeContent(() -> {
            try (Folder folder = tree.parent(path); FileChannel file = existing(folder, path.name())) {
                tree.keeping().changes(path, folder);
                resize(volume, file, length);
                return Outcome.DONE;
            }
        });
    }

    private static void resize(Volume volume, FileChannel file, long length) throws IOException {
        long before = file.size();
        if (length <= before) {
            file.truncate(length);
            volume.give(Usage.ofBytes(before - length));
        } else {
            volume.take(Usage.ofBytes(length - before));
            file.write(java.nio.ByteBuffer.wrap(new byte[1]), length - 1);
        }
    }

    /**
     * Returns when the content of a file, or the entries of a folder, and the names that lead to it are on disk. Names are not put there again
     * while none in the drive has changed; in the scratch drive guests change them by themselves.
     */
    Outcome sync(ProcessId process, DrivePath path) throws IOException {
        Volume volume = tree.volume(path);
        long names = volume.names();
        boolean known = !path.drive().equals(FileStore.SCRATCH_DRIVE) && volume.areNamesSynced(path);
        boolean isFile = !path.isDrive() && syncContent(process, path);
        if (!known) {
            syncNames(isFile ? path.parent().all() : path.all());
            volume.namesSynced(path, names);
        }
        return Outcome.DONE;
    }

    /** Syncs a file, through the handle of the process if it has one. @return whether it is a file, and no folder */
    private boolean syncContent(ProcessId process, DrivePath path) throws IOException {
        Optional<Handle> open = handles.find(process, path);
        if (open.isPresent()) {
            return handles.use(open.get(), file -> {
                file.force(true);
                return true;
            });
        }
        try (Folder folder = tree.parent(path)) {
            if (folder.find(path.name()).filter(BasicFileAttributes::isDirectory).isPresent()) {
                return false;
            }
            try (FileChannel file = existing(folder, path.name())) {
                file.force(true);
            }
            return true;
        }
    }

    private void syncNames(List<String> names) throws IOException {
        for (List<String> at = new ArrayList<>(names); ; at.removeLast()) {
            try (Folder folder = tree.above(at)) {
                folder.sync();
            }
            if (at.isEmpty()) {
                return;
            }
        }
    }
}
