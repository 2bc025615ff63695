package org.ashlar.tck.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** The real file system; what changes it is told to a {@link LosingDisk}. */
final class WatchedFileSystem extends FileSystem {
    private final LosingDisk disk;
    private final FileSystem real = FileSystems.getDefault();
    private final WatchedProvider provider = new WatchedProvider(this, real.provider());

    WatchedFileSystem(LosingDisk disk) {
        this.disk = disk;
    }

    LosingDisk disk() {
        return disk;
    }

    Path wrap(Path path) {
        return path instanceof WatchedPath ? path : new WatchedPath(this, path);
    }

    static Path real(Path path) {
        return path instanceof WatchedPath watched ? watched.real() : path;
    }

    /** Opens a file. */
    interface Opening {
        FileChannel open() throws IOException;
    }

    /** @param path of the real file system */
    FileChannel open(Path path, Set<? extends OpenOption> options, Opening opening) throws IOException {
        boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        boolean makes = !there && (options.contains(CREATE) || options.contains(CREATE_NEW));
        if (makes || there && options.contains(TRUNCATE_EXISTING)) {
            disk.point();
        }
        FileChannel opened = opening.open();
        if (makes) {
            disk.made(path);
        }
        return new WatchedChannel(disk, path, opened);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("it is open as long as the real one");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return real.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(wrap(Path.of("/")));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return real.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return real.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        return wrap(real.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        PathMatcher matcher = real.getPathMatcher(pattern);
        return path -> matcher.matches(real(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return real.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() throws IOException {
        return real.newWatchService();
    }
}
