package org.ashlar.tck.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/** Does with the real file system what is asked for by path. */
final class WatchedProvider extends FileSystemProvider {
    private final WatchedFileSystem system;
    private final FileSystemProvider real;

    WatchedProvider(WatchedFileSystem system, FileSystemProvider real) {
        this.system = system;
        this.real = real;
    }

    private static Path real(Path path) {
        return WatchedFileSystem.real(path);
    }

    private static UnsupportedOperationException byPath() {
        return new UnsupportedOperationException("paths come from the disk's folder");
    }

    @Override
    public String getScheme() {
        return "watched";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw byPath();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw byPath();
    }

    @Override
    public Path getPath(URI uri) {
        throw byPath();
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return system.open(real(path), options, () -> real.newFileChannel(real(path), options, attributes));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
        return new WatchedFolder(system, real(folder), (SecureDirectoryStream<Path>) real.newDirectoryStream(real(folder),
                entry -> filter.accept(system.wrap(entry))));
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        system.disk().point();
        real.createDirectory(real(folder), attributes);
        system.disk().made(real(folder));
    }

    @Override
    public void delete(Path path) throws IOException {
        system.disk().point();
        real.delete(real(path));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        system.disk().point();
        real.copy(real(from), real(to), options);
        system.disk().made(real(to));
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        system.disk().point();
        real.move(real(from), real(to), options);
        system.disk().renamed(real(from), real(to));
    }

    @Override
    public void createLink(Path name, Path file) throws IOException {
        system.disk().point();
        real.createLink(real(name), real(file));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return real.isSameFile(real(one), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real.checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) throws IOException {
        return real.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return real.readAttributes(real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        real.setAttribute(real(path), attribute, value, options);
    }
}
