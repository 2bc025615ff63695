package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.VfsResponse;
import org.ashlar.codec.VfsResponse.Entry;
import org.ashlar.codec.VfsResponse.FileType;

/** What makes, lists, moves and removes folders and names of files (reference-modules 3.2). */
final class FolderActions {
    /** Most entries of a folder that are listed. */
    static final int MAX_LISTED = 65_536;
    /** Drives that the node itself makes and uses; what is in them may be removed, they themselves not. */
    private static final Set<String> OF_THE_NODE = Set.of(FileStore.PACKAGE_DRIVE, FileStore.SCRATCH_DRIVE);

    private final DriveTree tree;
    private final Handles handles;

    FolderActions(DriveTree tree, Handles handles) {
        this.tree = tree;
        this.handles = handles;
    }

    Outcome createDrive(DrivePath path) throws IOException {
        tree.createDrive(path.root());
        return Outcome.DONE;
    }

    Outcome create(DrivePath path) throws IOException {
        Volume volume = tree.volume(path);
        return volume.change(() -> {
            try (Folder parent = tree.parent(path)) {
                make(volume, parent, path);
                return Outcome.DONE;
            }
        });
    }

    private void make(Volume volume, Folder parent, DrivePath path) throws IOException {
        volume.take(Usage.ofEntries(1));
        try {
            tree.createFolder(parent, path);
        } catch (IOException e) {
            volume.give(Usage.ofEntries(1));
            throw e;
        }
    }

    /** Makes the folder and what is missing above it, the drive included. */
    Outcome createAll(DrivePath path) throws IOException {
        tree.createDrive(path.root());
        Volume volume = tree.volume(path);
        return volume.change(() -> {
            Folder at = tree.folder(path.root());
            DrivePath reached = path.root();
            try {
                for (String name : path.below()) {
                    reached = reached.child(name);
                    if (at.find(name).isEmpty()) {
                        make(volume, at, reached);
                    }
                    try (Folder left = at) {
                        at = left.folder(name);
                    }
                }
                return Outcome.DONE;
            } finally {
                at.close();
            }
        });
    }

    Outcome list(DrivePath path) throws IOException {
        return list(path.all());
    }

    /** @param names of a folder, or of a package; none: lists the packages */
    Outcome list(List<String> names) throws IOException {
        String prefix = names.isEmpty() ? "" : String.join("/", names) + '/';
        List<Entry> entries = new ArrayList<>();
        try (Folder folder = tree.above(names); Folder asked = tree.above(names)) {
            for (String name : folder.names(MAX_LISTED)) {
                Optional<BasicFileAttributes> found = asked.find(name);
                boolean shown = found.isPresent() && (!names.isEmpty() || name.contains(":"));
                if (shown) {
                    entries.add(new Entry(prefix + name, type(found.get())));
                }
            }
        }
        return Outcome.of(new VfsResponse.Listing(entries));
    }

    private static FileType type(BasicFileAttributes found) {
        return found.isRegularFile() ? FileType.FILE : found.isDirectory() ? FileType.DIRECTORY
                : found.isSymbolicLink() ? FileType.SYMLINK : FileType.OTHER;
    }

    Outcome metadata(DrivePath path) throws IOException {
        List<String> above = path.all().subList(0, path.all().size() - 1);
        try (Folder folder = tree.above(above)) {
            BasicFileAttributes found = folder.find(path.name()).orElseThrow(() -> new NoSuchFileException(path.name()));
            return Outcome.of(new VfsResponse.Metadata(type(found), found.size()));
        }
    }

    Outcome removeFile(DrivePath path) throws IOException {
        Volume volume = tree.volume(path);
        volume.change(() -> {
            try (Folder folder = tree.parent(path)) {
                BasicFileAttributes found = folder.find(path.name()).orElseThrow(() -> new NoSuchFileException(path.name()));
                if (found.isDirectory()) {
                    throw new FileSystemException(path.name(), null, "is a folder");
                }
                tree.keeping().disappears(path, folder);
                folder.deleteFile(path.name());
                handles.closeBelow(path);
                volume.give(new Usage(found.isRegularFile() ? found.size() : 0, 1));
            }
            return null;
        });
        return Outcome.DONE;
    }

    /** Removes an empty folder, or drive. */
    Outcome remove(DrivePath path) throws IOException {
        requireRemovable(path);
        Volume volume = tree.volume(path);
        return volume.change(() -> {
            try (Folder above = above(path)) {
                if (!path.isDrive()) {
                    tree.keeping().disappears(path, above);
                }
                above.deleteFolder(path.name());
                volume.give(Usage.ofEntries(path.isDrive() ? 0 : 1));
                return Outcome.DONE;
            }
        });
    }

    /** Removes a folder and all in it: it disappears in one step. */
    Outcome removeAll(DrivePath path) throws IOException {
        requireRemovable(path);
        Volume volume = tree.volume(path);
        Path gone = tree.staging().resolve(DriveTree.stageName());
        volume.change(() -> {
            try (Folder above = above(path); Folder folder = above.folder(path.name())) {
                if (path.isDrive()) {
                    tree.trees().move(tree.keeping().host(path), gone);
                } else {
                    tree.keeping().removing(path, gone, () -> above.move(path.name(), tree.stage(), gone.getFileName().toString()));
                }
                handles.closeBelow(path);
            }
            volume.give(Usage.measure(gone).plus(Usage.ofEntries(path.isDrive() ? 0 : 1)));
            return null;
        });
        tree.trees().delete(gone);
        return Outcome.DONE;
    }

    private Folder above(DrivePath path) throws IOException {
        return tree.above(path.all().subList(0, path.all().size() - 1));
    }

    private static void requireRemovable(DrivePath path) throws IOException {
        if (path.isDrive() && OF_THE_NODE.contains(path.drive())) {
            throw new FileSystemException(path.toString(), null, "is a drive of the node itself and is not removed");
        }
    }

    /** Renames a file or folder in one step; a file or an empty folder that has the new name is replaced. */
    Outcome rename(DrivePath from, DrivePath to) throws IOException {
        Volume source = tree.volume(from);
        Volume target = tree.volume(to);
        Volume.change(source, target, () -> {
            try (Folder out = tree.parent(from); Folder in = tree.parent(to)) {
                BasicFileAttributes moved = out.find(from.name()).orElseThrow(() -> new NoSuchFileException(from.name()));
                Optional<BasicFileAttributes> replaced = in.find(to.name());
                Usage room = source == target ? Usage.NONE : size(from, moved);
                target.take(room);
                try {
                    move(source == target, out, from, in, to);
                } catch (IOException e) {
                    target.give(room);
                    throw e;
                }
                source.give(room);
                boolean another = !from.equals(to);
                target.give(replaced.filter(former -> another).map(former ->
                        new Usage(former.isRegularFile() ? former.size() : 0, 1)).orElse(Usage.NONE));
            }
            handles.closeBelow(from);
            handles.closeBelow(to);
            return null;
        });
        return Outcome.DONE;
    }

    private void move(boolean within, Folder out, DrivePath from, Folder in, DrivePath to) throws IOException {
        Keeping keeping = tree.keeping();
        if (from.equals(to)) {
            return;
        }
        if (in.find(to.name()).isPresent()) {
            keeping.disappears(to, in);
        }
        if (within) {
            keeping.moving(from, to, () -> out.move(from.name(), in, to.name()));
        } else {
            keeping.leaves(from);
            out.move(from.name(), in, to.name());
            keeping.arrives(to);
        }
    }

    private Usage size(DrivePath path, BasicFileAttributes found) throws IOException {
        if (!found.isDirectory()) {
            return new Usage(found.isRegularFile() ? found.size() : 0, 1);
        }
        // By its path: were it exchanged for a link at this moment, only a wrong number would be counted.
        return Usage.measure(tree.keeping().host(path)).plus(Usage.ofEntries(1));
    }

    Outcome usage(DrivePath path) throws IOException {
        Volume volume = tree.volume(path);
        tree.folder(path.root()).close();
        Usage used = volume.used();
        return Outcome.of(new VfsResponse.DriveUsage(used.bytes(), used.entries(), volume.limit().bytes(),
                volume.limit().entries(), tree.free()));
    }
}
