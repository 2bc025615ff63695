package org.ashlar.wasi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/** {@code wasi:filesystem/types.directory-entry-stream}: a listing, fetched from the host in small parts. */
final class DirectoryEntries implements FileHolder, Closeable {
    private final DirectoryStream<Path> stream;
    private final Iterator<Path> host;
    private final OpenFiles owner;
    private final Deque<Entry> fetched = new ArrayDeque<>();

    private DirectoryEntries(DirectoryStream<Path> stream, OpenFiles owner) {
        this.stream = stream;
        this.host = stream.iterator();
        this.owner = owner;
    }

    static DirectoryEntries open(Path directory, OpenFiles owner) throws IOException, FileError {
        DirectoryEntries entries = new DirectoryEntries(Files.newDirectoryStream(directory), owner);
        owner.add(entries);
        return entries;
    }

    /** The next entry, of those that are at hand; nothing when {@link #fetch} has to be called, or the end is reached. */
    Optional<Entry> next() {
        return Optional.ofNullable(fetched.poll());
    }

    /** Gets more from the host, if there is more. On a platform thread. */
    void fetch() throws IOException {
        try {
            while (fetched.size() < Limits.ENTRIES_AT_ONCE && host.hasNext()) {
                Path path = host.next();
                FileStat.find(path).ifPresent(stat -> fetched.add(new Entry(stat.type(), path.getFileName().toString())));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public void release() throws IOException {
        owner.remove(this);
        close();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /** An entry. */
    record Entry(FileType type, String name) {
    }
}
