package org.ashlar.backup.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHFsyncExtension;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.RefusedException;

/**
 * A folder on an SSH server, laid out as a plain folder is, so that other programs can use it as it is.
 * <p>
 * A put writes a file in {@code tmp/}, has the server sync it, and renames it as the protocol's version 3 does, which must not replace
 * what has the name (draft-ietf-secsh-filexfer-02, section 6.5): OpenSSH makes a hard link for that, so it holds among many writers.
 * What a crash leaves in {@code tmp/} is removed a day later.
 */
final class SftpTarget implements BackupTarget {
    private static final String UNFINISHED = "tmp";
    /** How unfinished files are called: what a person had in a folder of that name before is none. */
    private static final Pattern OWN = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** An unfinished file as old as that belongs to nobody any more. */
    private static final Duration ABANDONED = Duration.ofDays(1);
    /** Bytes asked for at a time; a server may give fewer. */
    private static final int PIECE = 128 << 10;
    private static final int OWNER_FOLDER = 0700;
    private static final int OWNER_FILE = 0600;

    private final String root;
    private final SftpConnection connection;
    /** Folders that are there. */
    private final Set<String> folders = ConcurrentHashMap.newKeySet();
    private volatile boolean tidied;

    /** @param root absolute, or relative to what the server begins with */
    SftpTarget(String root, SftpConnection connection) {
        this.root = root;
        this.connection = connection;
    }

    private <T> T with(String name, SftpConnection.Work<T> work) throws IOException {
        BackupTarget.requireName(name);
        try {
            return connection.with(work);
        } catch (SftpException e) {
            throw is(e, SftpConstants.SSH_FX_PERMISSION_DENIED) ? new RefusedException("permission denied on the server: " + path(name)
                    + "; give the folder there to the user who logs in", e)
                    : new IOException("the server failed at " + path(name) + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new IOException("the connection failed at " + path(name) + ": " + e.getMessage(), e); // what the library did not expect
        }
    }

    private String path(String name) {
        return root + '/' + name;
    }

    private static boolean is(SftpException failure, int status) {
        return failure.getStatus() == status;
    }

    private static Optional<Attributes> attributes(SftpClient client, String path) throws IOException {
        try {
            return Optional.of(client.lstat(path));
        } catch (SftpException e) {
            // A file where a folder would have to be is "failure" to some servers.
            if (is(e, SftpConstants.SSH_FX_NO_SUCH_FILE) || is(e, SftpConstants.SSH_FX_NO_SUCH_PATH) || is(e, SftpConstants.SSH_FX_NOT_A_DIRECTORY)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        return with(name, client -> {
            if (attributes(client, path(name)).isPresent()) {
                return false;
            }
            makeFolders(client, path(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : UNFINISHED));
            makeFolders(client, path(UNFINISHED));
            tidy(client);
            String fresh = path(UNFINISHED) + '/' + UUID.randomUUID();
            boolean named = false;
            try {
                write(client, fresh, content.duplicate());
                named = name(client, fresh, path(name));
                return named;
            } catch (SftpException e) {
                folders.clear();
                throw e;
            } finally {
                if (!named) {
                    remove(client, fresh);
                }
            }
        });
    }

    private static void write(SftpClient client, String fresh, ByteBuffer content) throws IOException {
        int length = content.remaining();
        try (SftpClient.CloseableHandle file = client.open(fresh, OpenMode.Write, OpenMode.Create, OpenMode.Exclusive)) {
            client.setStat(file, new Attributes().perms(OWNER_FILE));
            byte[] piece = new byte[Math.min(PIECE, length)];
            for (long offset = 0; content.hasRemaining(); ) {
                int size = Math.min(piece.length, content.remaining());
                content.get(piece, 0, size);
                client.write(file, offset, piece, 0, size);
                offset += size;
            }
            OpenSSHFsyncExtension sync = client.getExtension(OpenSSHFsyncExtension.class);
            if (sync != null && sync.isSupported()) {
                sync.fsync(file);
            }
            if (client.stat(file).getSize() != length) {
                throw new IOException("the server kept " + client.stat(file).getSize() + " of " + length + " bytes; is its disk full?");
            }
        } catch (SftpException e) {
            throw is(e, SftpConstants.SSH_FX_FAILURE) ? new IOException("the server does not store " + length + " bytes; is its disk full, or a"
                    + " quota used up?", e) : e;
        }
    }

    /** @return false: the name is taken */
    private static boolean name(SftpClient client, String fresh, String name) throws IOException {
        try {
            client.rename(fresh, name);
            return true;
        } catch (SftpException e) {
            if (attributes(client, name).isPresent()) {
                return false;
            }
            throw e;
        }
    }

    private static void remove(SftpClient client, String file) throws IOException {
        try {
            client.remove(file);
        } catch (SftpException e) {
            if (!is(e, SftpConstants.SSH_FX_NO_SUCH_FILE)) {
                throw e;
            }
        }
    }

    private void makeFolders(SftpClient client, String folder) throws IOException {
        if (folder.isEmpty() || folders.contains(folder)) {
            return;
        }
        if (attributes(client, folder).isEmpty()) {
            int end = folder.lastIndexOf('/');
            if (end > 0) {
                makeFolders(client, folder.substring(0, end));
            }
            try {
                client.mkdir(folder);
                client.setStat(folder, new Attributes().perms(OWNER_FOLDER));
            } catch (SftpException e) {
                if (attributes(client, folder).isEmpty()) {
                    throw e;
                }
                // Somebody else made it meanwhile.
            }
        }
        folders.add(folder);
    }

    private void tidy(SftpClient client) throws IOException {
        if (tidied) {
            return;
        }
        Instant limit = Instant.now().minus(ABANDONED);
        for (DirEntry entry : client.readDir(path(UNFINISHED))) {
            if (OWN.matcher(entry.getFilename()).matches() && entry.getAttributes().isRegularFile() && entry.getAttributes().getModifyTime().toInstant().isBefore(limit)) {
                remove(client, path(UNFINISHED) + '/' + entry.getFilename());
            }
        }
        tidied = true;
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        return with(name, client -> {
            requireFile(client, name);
            int before = into.position();
            byte[] piece = new byte[Math.min(PIECE, into.remaining())];
            try (SftpClient.CloseableHandle file = client.open(path(name), OpenMode.Read)) {
                while (into.hasRemaining()) {
                    int read = client.read(file, offset + into.position() - before, piece, 0, Math.min(piece.length, into.remaining()));
                    if (read <= 0) {
                        break;
                    }
                    into.put(piece, 0, read);
                }
            }
            return into.position() - before;
        });
    }

    private void requireFile(SftpClient client, String name) throws IOException {
        if (attributes(client, path(name)).filter(Attributes::isRegularFile).isEmpty()) {
            throw new NoSuchFileException(path(name));
        }
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        with(folder, client -> {
            list(client, folder, each);
            return true;
        });
    }

    private void list(SftpClient client, String folder, Consumer<Stored> each) throws IOException {
        if (attributes(client, path(folder)).filter(Attributes::isDirectory).isEmpty()) {
            return;
        }
        for (DirEntry entry : client.readDir(path(folder))) {
            String name = folder + '/' + entry.getFilename();
            if (!BackupTarget.isName(name)) {
                continue;
            }
            if (entry.getAttributes().isDirectory()) {
                list(client, name, each);
            } else if (entry.getAttributes().isRegularFile()) {
                each.accept(new Stored(name, entry.getAttributes().getSize()));
            }
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        return with(name, client -> {
            if (attributes(client, path(name)).filter(Attributes::isRegularFile).isEmpty()) {
                return false;
            }
            try {
                client.remove(path(name));
                return true;
            } catch (SftpException e) {
                if (is(e, SftpConstants.SSH_FX_NO_SUCH_FILE)) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        return with(name, client -> attributes(client, path(name)).filter(Attributes::isRegularFile).map(Attributes::getSize)
                .map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    @Override
    public void close() {
        connection.close();
    }
}
