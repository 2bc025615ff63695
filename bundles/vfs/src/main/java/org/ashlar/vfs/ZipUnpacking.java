package org.ashlar.vfs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.ashlar.api.message.Blob;
import org.ashlar.files.Durable;

/**
 * Unpacks one zip from anywhere into a folder of a drive. All of it is unpacked where no process sees it, and counted
 * against the quota while it is; only then it moves into place, name by name. So a zip that is damaged, has a name that
 * leads out, or does not fit changes nothing.
 */
final class ZipUnpacking {
    /** Most entries of a zip. */
    static final int MAX_ENTRIES = 100_000;

    private final DriveTree tree;
    private final FolderActions folders;
    private final FileWriting files;
    private final DrivePath target;
    private final Volume volume;
    private final String staged = DriveTree.stageName();
    /** Paths that are folders; the file each other path is unpacked in. */
    private final Set<DrivePath> directories = new LinkedHashSet<>();
    private final Map<DrivePath, String> contents = new LinkedHashMap<>();
    private Usage taken = Usage.NONE;

    private ZipUnpacking(DriveTree tree, FolderActions folders, FileWriting files, DrivePath target) {
        this.tree = tree;
        this.folders = folders;
        this.files = files;
        this.target = target;
        this.volume = tree.volume(target);
    }

    /** Thrown for what is no zip that is unpacked here; says why. */
    static final class BadZip extends IOException {
        private static final long serialVersionUID = 1L;

        BadZip(String message) {
            super(message);
        }
    }

    /** @throws BadZip when {@code zip} is none; nothing is changed then */
    static Outcome unpack(DriveTree tree, FolderActions folders, FileWriting files, DrivePath target, Blob zip)
            throws IOException {
        ZipUnpacking unpacking = new ZipUnpacking(tree, folders, files, target);
        Path stage = tree.staging().resolve(unpacking.staged);
        Files.createDirectory(stage, PosixFilePermissions.asFileAttribute(Durable.OWNER_FOLDER));
        try (InputStream in = open(zip)) {
            unpacking.read(in);
            unpacking.place();
            return Outcome.DONE;
        } finally {
            unpacking.volume.give(unpacking.taken);
            Durable.deleteTree(stage);
        }
    }

    private static InputStream open(Blob zip) throws IOException {
        return switch (zip) {
            case Blob.InMemory memory -> new ByteArrayInputStream(memory.bytes());
            case Blob.InFile file -> Files.newInputStream(file.file());
        };
    }

    private void read(InputStream zip) throws IOException {
        int entries = 0;
        try (ZipInputStream in = new ZipInputStream(zip, StandardCharsets.UTF_8);
                Folder stage = tree.stage().folder(staged)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++entries > MAX_ENTRIES) {
                    throw new BadZip("it has more than " + MAX_ENTRIES + " entries, the most that are unpacked");
                }
                entry(in, entry, stage);
            }
        } catch (ZipException | IllegalArgumentException e) {
            // The second is what ZipInputStream throws for a name that is not UTF-8.
            throw new BadZip("it is a damaged zip: " + e.getMessage());
        } catch (EOFException e) {
            throw new BadZip("it is a zip that ends too early");
        }
        if (entries == 0) {
            throw new BadZip("it is no zip, or an empty one");
        }
    }

    private void entry(ZipInputStream in, ZipEntry entry, Folder stage) throws IOException {
        DrivePath path = path(entry);
        for (DrivePath above = path.parent(); above.below().size() > target.below().size(); above = above.parent()) {
            claimFolder(above, entry);
        }
        if (entry.isDirectory()) {
            claimFolder(path, entry);
            return;
        }
        String name = Integer.toString(contents.size());
        if (directories.contains(path) || contents.put(path, name) != null) {
            throw new BadZip("it has " + quoted(entry) + " twice");
        }
        take(Usage.ofEntries(1));
        try (FileChannel file = stage.channel(name, CREATE_NEW, WRITE)) {
            in.transferTo(new Counted(Chunks.output(file, 0)));
        }
    }

    private void claimFolder(DrivePath path, ZipEntry entry) throws BadZip {
        if (contents.containsKey(path)) {
            throw new BadZip("it has a file with something below it: " + quoted(entry));
        }
        directories.add(path);
    }

    private DrivePath path(ZipEntry entry) throws BadZip {
        String text = entry.isDirectory() ? entry.getName().substring(0, entry.getName().length() - 1) : entry.getName();
        if (text.length() > DrivePath.MAX_PATH) {
            throw new BadZip("it has a path of " + text.length() + " characters; at most " + DrivePath.MAX_PATH + " are unpacked");
        }
        DrivePath path = target;
        for (String name : text.split("/", -1)) {
            try {
                path = path.child(DrivePath.checkedName(name));
            } catch (IOException e) {
                throw new BadZip("it has the path " + quoted(entry) + ", in which a name is none of a file or folder, such as"
                        + " one that leads out; nothing was unpacked");
            }
        }
        return path;
    }

    private static String quoted(ZipEntry entry) {
        String name = entry.getName().replaceAll("\\p{Cntrl}", "?");
        return '"' + (name.length() > 100 ? name.substring(0, 100) + "…" : name) + '"';
    }

    private void take(Usage room) throws IOException {
        volume.take(room);
        taken = taken.plus(room);
    }

    private void place() throws IOException {
        folders.createAll(target);
        for (DrivePath folder : directories) {
            folders.createAll(folder);
        }
        for (Map.Entry<DrivePath, String> content : contents.entrySet()) {
            try (Folder from = tree.stage().folder(staged); Folder to = tree.parent(content.getKey())) {
                long size = from.findFile(content.getValue()).orElseThrow().size();
                files.place(volume, from, content.getValue(), to, content.getKey(), Usage.NONE);
                taken = taken.minus(new Usage(size, 1)); // it stays
            }
        }
    }

    /** Takes room for what is written before it is. */
    private final class Counted extends OutputStream {
        private final OutputStream out;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            take(Usage.ofBytes(length));
            out.write(bytes, from, length);
        }
    }
}
