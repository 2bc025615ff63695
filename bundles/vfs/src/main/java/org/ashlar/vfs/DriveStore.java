package org.ashlar.vfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.store.FileStamp;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.StoreException;
import org.ashlar.files.Durable;
import org.ashlar.files.FolderLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives as plain folders, {@code <home>/vfs/<package>:<publisher>/<drive>}. Beside them {@code .staging}, whose content
 * is deleted at every start, and {@code .undo}, whose records are undone then.
 * <p>
 * Life cycle: takes the lock on {@code vfs}, waiting for a predecessor; undoes and clears what a crash left; works until
 * it is closed.
 */
final class DriveStore implements FileStore, Snapshotable {
    private static final Logger LOG = LoggerFactory.getLogger(DriveStore.class);

    private final Path vfs;
    private final Path staging;
    private final Path pending;
    private final FolderLock lock;
    private final Trees trees = new Trees();
    private final DriveSnapshot snapshot;
    private final DriveTree tree;
    private final Set<Path> busy = new HashSet<>();

    /**
     * Opens the drives of a home.
     *
     * @param quota what each drive may hold
     * @throws StoreException when they are in use or cannot be written
     */
    DriveStore(Path home, Usage quota) {
        vfs = home.resolve("vfs");
        staging = vfs.resolve(".staging");
        pending = vfs.resolve(".undo");
        try {
            Durable.createFolder(vfs);
            lock = FolderLock.take(vfs, FolderLock.PATIENCE);
        } catch (IOException e) {
            throw unusable(e);
        }
        try {
            Durable.createFolder(staging);
            Durable.createFolder(pending);
            recover();
            tree = new DriveTree(vfs, staging, quota, trees);
            snapshot = new DriveSnapshot(vfs, staging, trees, tree.keeping());
        } catch (IOException e) {
            unlock();
            throw unusable(e);
        }
    }

    private StoreException unusable(IOException e) {
        return new StoreException("The drives in " + vfs + " cannot be opened: " + e.getMessage()
                + " Check that the folder belongs to the user who runs the node, and that the disk has room.", e);
    }

    private void recover() throws IOException {
        for (Path record : list(pending)) {
            Undo undo = Undo.read(vfs, record, staging, trees);
            undo.undo();
            LOG.warn("The drive {} was being replaced when the node stopped; what was there before is back.", undo.drive());
        }
        for (Path left : list(staging)) {
            Durable.deleteTree(left);
        }
    }

    DriveTree tree() {
        return tree;
    }

    /** Lets go of the folder. */
    void close() {
        snapshot.release();
        try {
            tree.close();
        } catch (IOException e) {
            LOG.warn("Closing {}", vfs, e);
        }
        unlock();
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("Letting go of the lock on {}", vfs, e);
        }
    }

    @Override
    public byte[] read(String path, int limit) throws IOException {
        DrivePath parsed = DrivePath.parseWithinDrive(path);
        if (parsed.below().isEmpty()) {
            throw new IOException('"' + path + "\" names a drive, no file");
        }
        try (Folder folder = tree.parent(parsed); FileChannel file = FileReading.open(folder, parsed.name())) {
            if (file.size() > limit) {
                throw new FileSystemException(path, null, "has " + file.size() + " bytes; at most " + limit
                        + " are read at once");
            }
            return Chunks.read(file, 0, (int) file.size());
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(path, null, "there is no such file");
        } catch (FileSystemException e) {
            throw new FileSystemException(path, null, e.getReason());
        }
    }

    /** By its path, links on the way included: what is equal to the file that was read without following any is that file. */
    @Override
    public Optional<FileStamp> stamp(String path) {
        try {
            return FileStamps.of(vfs.resolve(String.join("/", DrivePath.parseWithinDrive(path).all())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Path drive(PackageId owner, String name) throws IOException {
        Path drive = path(owner, name);
        Durable.createFolder(drive);
        return drive;
    }

    @Override
    public Replacement replace(PackageId owner, String name, Path content) throws IOException {
        Path drive = path(owner, name);
        if (!Files.isDirectory(content, NOFOLLOW_LINKS)) {
            throw new IOException(content + " is no folder, so it cannot become the drive " + drive);
        }
        synchronized (busy) {
            if (!busy.add(drive)) {
                throw new IOException("The drive " + drive + " is being replaced already; try again when that has ended.");
            }
        }
        try {
            Durable.syncTree(content);
            Durable.createFolder(drive.getParent());
            Undo undo = Undo.prepare(vfs, drive, pending, staging, trees);
            try {
                undo.apply(content);
            } catch (IOException e) {
                undo.undo();
                throw e;
            }
            return new Pending(undo);
        } catch (IOException e) {
            free(drive);
            throw e;
        }
    }

    private void free(Path drive) {
        synchronized (busy) {
            busy.remove(drive);
        }
    }

    @Override
    public Path staging() throws IOException {
        return Files.createTempDirectory(staging, "new");
    }

    @Override
    public void remove(PackageId owner, String name) throws IOException {
        Path drive = path(owner, name);
        if (!Files.exists(drive, NOFOLLOW_LINKS)) {
            return;
        }
        Path gone = staging().resolve("drive");
        trees.move(drive, gone);
        try {
            Files.delete(drive.getParent());
            Durable.sync(vfs);
        } catch (DirectoryNotEmptyException e) {
            // Other drives of the package stay.
        }
        trees.delete(gone.getParent());
    }

    @Override
    public List<PackageId> packages() throws IOException {
        List<PackageId> packages = new ArrayList<>();
        for (Path folder : list(vfs)) {
            if (Files.isDirectory(folder.resolve(PACKAGE_DRIVE), NOFOLLOW_LINKS)) {
                packageOf(folder).ifPresent(packages::add);
            }
        }
        return packages.stream().sorted().toList();
    }

    private static Optional<PackageId> packageOf(Path folder) {
        try {
            return Optional.of(PackageId.parse(folder.getFileName().toString()));
        } catch (IdentifierException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "vfs";
    }

    @Override
    public void prepare() throws IOException {
        snapshot.prepare();
    }

    @Override
    public void cut(Barrier barrier) throws IOException {
        snapshot.cut(barrier, CUT_MILLIS);
    }

    @Override
    public List<Entry> open() throws IOException {
        return snapshot.open();
    }

    @Override
    public void release() {
        snapshot.release();
    }

    private Path path(PackageId owner, String name) throws IOException {
        return vfs.resolve(owner.toString()).resolve(DrivePath.checkedName(name));
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        }
        return entries;
    }

    /** The first of {@link #keep} and {@link #undo} that succeeds counts; then neither does anything more. */
    private final class Pending implements Replacement {
        private final Undo undo;
        private boolean ended;

        Pending(Undo undo) {
            this.undo = undo;
        }

        @Override
        public synchronized void keep() throws IOException {
            if (!ended) {
                undo.keep();
                end();
            }
        }

        @Override
        public synchronized void undo() throws IOException {
            if (!ended) {
                undo.undo();
                end();
            }
        }

        private void end() {
            ended = true;
            free(undo.drive());
        }
    }
}
