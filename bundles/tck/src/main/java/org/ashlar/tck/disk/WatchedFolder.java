package org.ashlar.tck.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.StreamSupport;

/** An open folder, whose names are used relative to it; it keeps the path that it had when it was opened. */
final class WatchedFolder implements SecureDirectoryStream<Path> {
    private final WatchedFileSystem system;
    private final Path path;
    private final SecureDirectoryStream<Path> real;

    /** @param path of the real file system */
    WatchedFolder(WatchedFileSystem system, Path path, SecureDirectoryStream<Path> real) {
        this.system = system;
        this.path = path;
        this.real = real;
    }

    private Path at(Path name) {
        return path.resolve(WatchedFileSystem.real(name)).normalize();
    }

    @Override
    public SecureDirectoryStream<Path> newDirectoryStream(Path name, LinkOption... options) throws IOException {
        return new WatchedFolder(system, at(name), real.newDirectoryStream(WatchedFileSystem.real(name), options));
    }

    @Override
    public SeekableByteChannel newByteChannel(Path name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return system.open(at(name), options, () -> (FileChannel) real.newByteChannel(WatchedFileSystem.real(name), options, attributes));
    }

    @Override
    public void deleteFile(Path name) throws IOException {
        system.disk().point();
        real.deleteFile(WatchedFileSystem.real(name));
    }

    @Override
    public void deleteDirectory(Path name) throws IOException {
        system.disk().point();
        real.deleteDirectory(WatchedFileSystem.real(name));
    }

    @Override
    public void move(Path name, SecureDirectoryStream<Path> target, Path targetName) throws IOException {
        WatchedFolder to = (WatchedFolder) target;
        system.disk().point();
        real.move(WatchedFileSystem.real(name), to.real, WatchedFileSystem.real(targetName));
        system.disk().renamed(at(name), to.at(targetName));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
        return real.getFileAttributeView(type);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path name, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(WatchedFileSystem.real(name), type, options);
    }

    @Override
    public Iterator<Path> iterator() {
        return StreamSupport.stream(real.spliterator(), false).map(system::wrap).iterator();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
