package org.ashlar.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.ashlar.files.Durable;

/**
 * All drives, opened name by name without following a link, and the folder {@code .staging} in which things are made that
 * then appear in a drive in one step. No process can reach {@code .staging}; its content is deleted at every start.
 */
final class DriveTree implements Closeable {
    /** Most drives of one package. */
    static final int MAX_DRIVES = 64;

    private final Path vfs;
    private final Path staging;
    private final Folder root;
    private final Folder stage;
    private final Trees trees;
    private final Keeping keeping;
    private final Volumes volumes;

    /** @param quota what each drive may hold */
    DriveTree(Path vfs, Path staging, Usage quota, Trees trees) throws IOException {
        this.trees = trees;
        this.vfs = vfs;
        this.staging = staging;
        volumes = new Volumes(drive -> new Volume(keeping().host(drive), drive.toString(), quota, trees));
        root = Folder.open(vfs);
        stage = Folder.open(staging);
        keeping = new Keeping(vfs, trees, root, stage, staging);
    }

    /** The folder at a path. The caller closes it. */
    Folder folder(DrivePath path) throws IOException {
        return root.descend(path.all());
    }

    /** The folder of all drives, or that of a package. The caller closes it. */
    Folder above(List<String> names) throws IOException {
        return root.descend(names);
    }

    /** The folder that a file or folder lies in. The caller closes it. @throws FileSystemException for a drive */
    Folder parent(DrivePath path) throws IOException {
        if (path.isDrive()) {
            throw new FileSystemException(path.toString(), null, "is a drive, no file or folder in one");
        }
        return folder(path.parent());
    }

    Volume volume(DrivePath path) {
        return volumes.of(path.root());
    }

    /** A name in {@link #stage} that nothing has. */
    static String stageName() {
        return "new-" + UUID.randomUUID();
    }

    Folder stage() {
        return stage;
    }

    Keeping keeping() {
        return keeping;
    }

    Trees trees() {
        return trees;
    }

    Path staging() {
        return staging;
    }

    /** What the disk has left, in bytes. */
    long free() throws IOException {
        return Files.getFileStore(vfs).getUsableSpace();
    }

    /** Makes an empty folder, mode 0700. @throws FileAlreadyExistsException when something is there */
    void createFolder(Folder parent, DrivePath path) throws IOException {
        createFolder(parent, path.name(), () -> keeping.appears(path));
    }

    private void createFolder(Folder parent, String name, Runnable before) throws IOException {
        if (parent.find(name).isPresent()) {
            throw new FileAlreadyExistsException(name);
        }
        // Made where nobody else is, and moved: the JDK makes no folder relative to an open one.
        String fresh = stageName();
        Files.createDirectory(staging.resolve(fresh), PosixFilePermissions.asFileAttribute(Durable.OWNER_FOLDER));
        before.run();
        try {
            stage.move(fresh, parent, name);
        } catch (IOException e) {
            stage.deleteFolder(fresh);
            throw e;
        }
    }

    /** Makes a drive that is not there. @throws IOException also when its package has {@link #MAX_DRIVES} */
    void createDrive(DrivePath drive) throws IOException {
        String owner = drive.owner().toString();
        if (root.find(owner).isEmpty()) {
            createIfMissing(root, owner);
        }
        try (Folder drives = root.folder(owner)) {
            if (drives.find(drive.drive()).isPresent()) {
                return;
            }
            try (Folder listed = root.folder(owner)) {
                if (listed.names(Integer.MAX_VALUE).size() >= MAX_DRIVES) {
                    throw new IOException("the package " + owner + " has " + MAX_DRIVES + " drives, the most it may have");
                }
            }
            createIfMissing(drives, drive.drive());
        }
    }

    private void createIfMissing(Folder parent, String name) throws IOException {
        try {
            createFolder(parent, name, () -> { });
        } catch (FileAlreadyExistsException e) {
            return; // somebody else made it at the same time
        }
    }

    @Override
    public void close() throws IOException {
        root.close();
        stage.close();
    }
}
