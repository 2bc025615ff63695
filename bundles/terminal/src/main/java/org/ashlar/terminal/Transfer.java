package org.ashlar.terminal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;

/**
 * Moves one file into or out of a drive, piece by piece. Either the whole file is there in the end, on disk, or what was
 * there before: it gets its name last.
 */
final class Transfer {
    /** Bytes in one message. */
    static final int PIECE = 1 << 20;

    private final FileClient files;
    private final Session session;

    Transfer(FileClient files, Session session) {
        this.files = files;
        this.session = session;
    }

    /** @param folder the folder that {@code name} is in; made if missing */
    void put(Path local, String folder, String name) throws CommandException, IOException, InterruptedException {
        files.requirePath(folder + '/' + name);
        files.ask(folder, new VfsAction.CreateDirAll());
        String part = folder + "/.part-" + UUID.randomUUID();
        boolean done = false;
        try (InputStream in = Files.newInputStream(local)) {
            Progress progress = new Progress(session, Files.size(local));
            files.ask(part, new VfsAction.CreateFile());
            long moved = 0;
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                files.ask(part, new VfsAction.WriteAll(), Optional.of(Blob.of(piece)));
                moved += piece.length;
                progress.at(moved);
            }
            files.ask(part, new VfsAction.SyncAll());
            files.ask(part, new VfsAction.CloseFile());
            files.ask(part, new VfsAction.Rename(folder + '/' + name));
            done = true;
            files.ask(folder, new VfsAction.SyncAll());
            progress.end();
        } finally {
            if (!done) {
                files.tryAsk(part, new VfsAction.RemoveFile(), Optional.empty());
            }
        }
    }

    void get(String path, Path local) throws CommandException, IOException, InterruptedException {
        Path folder = local.toAbsolutePath().getParent();
        Path part;
        try {
            part = Files.createTempFile(folder, ".part-", "");
        } catch (FileSystemException e) {
            throw CommandException.failed("no file can be made in " + folder + (e instanceof AccessDeniedException ? ": permission denied"
                    : Optional.ofNullable(e.getReason()).map(": "::concat).orElse("")));
        }
        try {
            try (FileOutputStream out = new FileOutputStream(part.toFile())) {
                Progress progress = new Progress(session, length(path));
                copy(path, out, progress::at);
                progress.end();
                out.getFD().sync();
            }
            Files.move(part, local, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private long length(String path) throws CommandException, InterruptedException {
        return ((VfsResponse.Len) files.ask(path, new VfsAction.Len())).length();
    }

    /** Is told after each piece how many bytes are done. */
    interface Watcher {
        void at(long done) throws IOException, InterruptedException;
    }

    /** Gives a whole file to {@code out}. */
    void copy(String path, OutputStream out, Watcher watcher) throws CommandException, IOException, InterruptedException {
        files.ask(path, new VfsAction.OpenFile(false));
        try {
            long length = length(path);
            long moved = 0;
            while (moved < length) {
                long piece = Math.min(PIECE, length - moved);
                files.ask(path, new VfsAction.ReadExact(piece), Optional.empty()).blob().orElseThrow().copyTo(out);
                moved += piece;
                watcher.at(moved);
            }
        } finally {
            files.tryAsk(path, new VfsAction.CloseFile(), Optional.empty());
        }
    }
}
