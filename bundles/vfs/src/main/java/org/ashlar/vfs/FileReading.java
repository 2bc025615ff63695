package org.ashlar.vfs;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.FileStore;
import org.ashlar.codec.VfsAction.Origin;
import org.ashlar.codec.VfsResponse;

/** What reads files, by path or at a process's cursor (reference-modules 3.2). */
final class FileReading {
    /** Most bytes that are read at once. */
    static final int MAX_READ = 64 << 20;
    /** Longest text that is given in a body, in bytes. */
    static final int MAX_TEXT = 8 << 20;

    private final DriveTree tree;
    private final Handles handles;
    private final ReadBudget budget;

    FileReading(DriveTree tree, Handles handles, ReadBudget budget) {
        this.tree = tree;
        this.handles = handles;
        this.budget = budget;
    }

    Outcome whole(DrivePath path) throws IOException {
        try (Folder folder = tree.parent(path); FileChannel file = open(folder, path.name())) {
            int size = bounded(file.size(), MAX_READ);
            return read(file, 0, size);
        }
    }

    /** Opens a file to read. @throws NoSuchFileException when there is none */
    static FileChannel open(Folder folder, String name) throws IOException {
        if (folder.findFile(name).isEmpty()) {
            throw new NoSuchFileException(name);
        }
        return folder.channel(name, READ);
    }

    Outcome toEnd(ProcessId process, DrivePath path) throws IOException {
        Handle handle = handles.get(process, path);
        return handles.use(handle, file -> {
            int length = bounded(Math.max(0, file.size() - handle.cursor()), MAX_READ);
            Outcome outcome = read(file, handle.cursor(), length);
            handle.cursor(handle.cursor() + length);
            return outcome;
        });
    }

    Outcome exactly(ProcessId process, DrivePath path, long length) throws IOException {
        Handle handle = handles.get(process, path);
        return handles.use(handle, file -> {
            long left = Math.max(0, file.size() - handle.cursor());
            if (Long.compareUnsigned(length, left) > 0) {
                throw new IOException("end of file: " + Long.toUnsignedString(length) + " bytes were asked for, and "
                        + left + " are left");
            }
            Outcome outcome = length <= Ahead.LARGEST && left > length && isReadAhead(path)
                    ? ahead(handle, file, (int) length, left) : read(file, handle.cursor(), bounded(length, MAX_READ));
            handle.cursor(handle.cursor() + length);
            return outcome;
        });
    }

    /** Guests change what is in the scratch drive by themselves, and see it at once. */
    private static boolean isReadAhead(DrivePath path) {
        return !path.drive().equals(FileStore.SCRATCH_DRIVE);
    }

    private Outcome ahead(Handle handle, FileChannel file, int length, long left) throws IOException {
        Volume volume = tree.volume(handle.path());
        long change = volume.changes();
        long from = handle.cursor();
        int wanted = (int) Math.min(left, handle.ahead().map(last -> last.next(from, length)).orElse(Ahead.SIZE));
        handle.drop(); // and with it the room that it took
        Optional<ReadBudget.Share> room = wanted > Ahead.SIZE ? budget.more(wanted - Ahead.SIZE) : Optional.of(ReadBudget.Share.NOTHING);
        try {
            Ahead read = Ahead.of(Chunks.read(file, from, room.isPresent() ? wanted : Ahead.SIZE), from, volume, change,
                    room.orElse(ReadBudget.Share.NOTHING));
            handle.keep(read);
            return Outcome.read(read.copy(from, length), budget.take(length));
        } finally {
            if (handle.ahead().isEmpty()) {
                room.ifPresent(ReadBudget.Share::close);
            }
        }
    }

    /** What {@link #exactly} comes to when nobody has to wait for it: it was read ahead. On any thread. */
    Optional<Outcome> ready(ProcessId process, DrivePath path, long length) {
        return length < 0 || length > Ahead.LARGEST ? Optional.empty() : handles.find(process, path)
                .flatMap(handle -> handle.ready(length)).map(bytes -> Outcome.read(bytes, ReadBudget.Share.NOTHING));
    }

    Outcome text(ProcessId process, DrivePath path) throws IOException {
        Handle handle = handles.get(process, path);
        return handles.use(handle, file -> {
            int length = bounded(Math.max(0, file.size() - handle.cursor()), MAX_TEXT);
            byte[] bytes = Chunks.read(file, handle.cursor(), length);
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
                handle.cursor(handle.cursor() + length);
                return Outcome.of(new VfsResponse.Text(text));
            } catch (CharacterCodingException e) {
                throw new IOException("is no UTF-8 text; read it with ReadToEnd", e);
            }
        });
    }

    Outcome seek(ProcessId process, DrivePath path, Origin origin) throws IOException {
        Handle handle = handles.get(process, path);
        return handles.use(handle, file -> {
            long base = switch (origin) {
                case Origin.Start start -> 0;
                case Origin.End end -> file.size();
                case Origin.Current current -> handle.cursor();
            };
            long distance = switch (origin) {
                case Origin.Start(long offset) -> offset;
                case Origin.End(long offset) -> offset;
                case Origin.Current(long offset) -> offset;
            };
            long position = base + distance;
            if (position < 0) {
                throw new IOException("the cursor would be at " + (origin instanceof Origin.Start
                        ? Long.toUnsignedString(distance) : base + " " + distance) + "; it can be from 0 to 2^63-1");
            }
            handle.cursor(position);
            return Outcome.of(new VfsResponse.SeekFrom(position));
        });
    }

    Outcome length(DrivePath path) throws IOException {
        try (Folder folder = tree.parent(path)) {
            return Outcome.of(new VfsResponse.Len(folder.findFile(path.name())
                    .orElseThrow(() -> new NoSuchFileException(path.name())).size()));
        }
    }

    Outcome hash(ProcessId process, DrivePath path) throws IOException {
        Handle handle = handles.get(process, path);
        return handles.use(handle, file -> {
            MessageDigest digest = sha256();
            ByteBuffer piece = ByteBuffer.allocate(Chunks.SIZE);
            long at = 0;
            for (int read = file.read(piece, at); read >= 0; read = file.read(piece, at)) {
                at += read;
                digest.update(piece.flip());
                piece.clear();
            }
            handle.cursor(at);
            return Outcome.of(new VfsResponse.Hash(digest.digest()));
        });
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Outcome read(FileChannel file, long offset, int length) throws IOException {
        ReadBudget.Share share = budget.take(length);
        try {
            return Outcome.read(Chunks.read(file, offset, length), share);
        } catch (IOException | RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    private static int bounded(long length, int limit) throws FileSystemException {
        if (length < 0 || length > limit) {
            throw new FileSystemException(null, null, Long.toUnsignedString(length) + " bytes were asked for; at most " + limit
                    + " are read at once. Read it piece by piece, with OpenFile and ReadExact");
        }
        return (int) length;
    }
}
