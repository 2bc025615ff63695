package org.ashlar.wasi;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A guest's view of a folder, for tests: what it does runs on a real pool while the test's thread parks. */
final class GuestFiles implements AutoCloseable {
    static final long CREATE = 1;
    static final long DIRECTORY = 2;
    static final long EXCLUSIVE = 4;
    static final long TRUNCATE = 8;
    static final long READ = Descriptor.READ;
    static final long WRITE = Descriptor.WRITE;

    private final IoPool pool = new IoPool(2);
    final Drive drive;
    final WasiContext wasi;
    final DirectoryDescriptor top;

    GuestFiles(Path folder) {
        this(Drive.of(folder, 1 << 20, 1000));
    }

    GuestFiles(Drive drive) {
        this.drive = drive;
        wasi = WasiContext.builder().preopen("/", drive).fileExecutor(pool).build();
        top = drive.top();
    }

    <T> T run(FileWork<T> work) throws FileError {
        return wasi.blocking().call(work);
    }

    void act(Action action) throws FileError {
        run(() -> {
            action.run();
            return true;
        });
    }

    /** The code that the work fails with; nothing when it does not. */
    Optional<ErrorCode> failure(Action action) {
        try {
            act(action);
            return Optional.empty();
        } catch (FileError e) {
            return Optional.of(e.code());
        }
    }

    Descriptor open(String path, long openFlags, long flags) throws FileError {
        return run(() -> top.open(path, new OpenRequest(true, openFlags, flags), wasi.openFiles()));
    }

    FileDescriptor file(String path, long openFlags, long flags) throws FileError {
        return (FileDescriptor) open(path, openFlags, flags);
    }

    DirectoryDescriptor directory(String path) throws FileError {
        return (DirectoryDescriptor) open(path, DIRECTORY, READ);
    }

    void write(String path, String text) throws FileError {
        FileDescriptor file = file(path, CREATE | TRUNCATE, WRITE);
        act(() -> {
            file.write(text.getBytes(StandardCharsets.UTF_8), 0);
            file.release();
        });
    }

    String read(String path) throws FileError {
        FileDescriptor file = file(path, 0, READ);
        return run(() -> {
            byte[] bytes = (byte[]) file.read(Limits.READ, 0)[0];
            file.release();
            return new String(bytes, StandardCharsets.UTF_8);
        });
    }

    List<DirectoryEntries.Entry> list(DirectoryDescriptor directory) throws FileError {
        List<DirectoryEntries.Entry> all = new ArrayList<>();
        return run(() -> {
            DirectoryEntries entries = directory.entries(wasi.openFiles());
            for (Optional<DirectoryEntries.Entry> next = fetched(entries); next.isPresent(); next = fetched(entries)) {
                all.add(next.get());
            }
            entries.release();
            return all;
        });
    }

    private static Optional<DirectoryEntries.Entry> fetched(DirectoryEntries entries) throws java.io.IOException {
        Optional<DirectoryEntries.Entry> next = entries.next();
        if (next.isEmpty()) {
            entries.fetch();
            next = entries.next();
        }
        return next;
    }

    @Override
    public void close() {
        wasi.close();
        pool.close();
    }

    @FunctionalInterface
    interface Action {
        void run() throws java.io.IOException, FileError;
    }
}
