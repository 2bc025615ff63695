package org.ashlar.backup.node;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.BackupNodeRequest;
import org.ashlar.codec.BackupNodeResponse;

/**
 * What this node keeps for another, within a quota. Parts of an object are gathered in a file of scratch, and with the last one the target
 * stores it, durably and unless there is one of that name.
 * <p>
 * Bounded: {@link #UPLOADS} objects on their way, of which the one that was begun first is given up for another. Threads: any number.
 */
final class Shelf implements AutoCloseable {
    static final int UPLOADS = 8;
    /** Most objects: a listing is put in order in memory. */
    static final int MAX_OBJECTS = 1_000_000;

    private final BackupTarget target;
    private final Path scratch;
    private final long quota;
    private final Map<String, Upload> uploads = new LinkedHashMap<>();
    /** Bytes that are stored, and that are on their way. */
    private long used;

    /** An object on its way. */
    private static final class Upload {
        final String name;
        final long size;
        final Path file;
        final FileChannel channel;
        long received;

        Upload(String name, long size, Path file) throws IOException {
            this.name = name;
            this.size = size;
            this.file = file;
            this.channel = FileChannel.open(file, CREATE_NEW, READ, WRITE);
        }

        void drop() throws IOException {
            channel.close();
            Files.deleteIfExists(file);
        }
    }

    /** @param used bytes that are stored */
    Shelf(BackupTarget target, Path scratch, long quota, long used) {
        this.target = target;
        this.scratch = scratch;
        this.quota = quota;
        this.used = used;
    }

    /** What is answered, and the bytes beside it. */
    record Said(BackupNodeResponse response, Optional<Blob> blob) {
        static Said of(BackupNodeResponse response) {
            return new Said(response, Optional.empty());
        }
    }

    Said answer(BackupNodeRequest request, byte[] part) throws IOException {
        return switch (request) {
            case BackupNodeRequest.Put put -> Said.of(put(put, part));
            case BackupNodeRequest.Get get -> get(get);
            case BackupNodeRequest.List list -> Said.of(list(list.name(), list.after().orElse("")));
            case BackupNodeRequest.Delete delete -> Said.of(new BackupNodeResponse.Deleted(delete(delete.name())));
            case BackupNodeRequest.Stat stat -> {
                OptionalLong size = target.stat(stat.name());
                yield Said.of(size.isPresent() ? new BackupNodeResponse.Size(size.getAsLong()) : new BackupNodeResponse.Missing());
            }
        };
    }

    private BackupNodeResponse put(BackupNodeRequest.Put put, byte[] part) throws IOException {
        if (put.offset() == 0 && target.stat(put.name()).isPresent()) {
            return new BackupNodeResponse.Stored(false);
        }
        Upload upload = upload(put);
        synchronized (upload) {
            boolean fits = upload.channel.isOpen() && upload.name.equals(put.name()) && upload.size == put.size() && upload.received == put.offset()
                    && part.length <= put.size() - put.offset() && (part.length > 0 || put.size() == 0);
            if (!fits) {
                giveUp(put.upload());
                return new BackupNodeResponse.Failed("the parts of " + put.name() + " do not fit together; begin again");
            }
            try {
                ByteBuffer left = ByteBuffer.wrap(part);
                while (left.hasRemaining()) {
                    upload.channel.write(left);
                }
            } catch (IOException e) {
                giveUp(put.upload());
                throw e;
            }
            upload.received += part.length;
            return upload.received < upload.size ? new BackupNodeResponse.More() : store(put.upload(), upload);
        }
    }

    /** The one that a part belongs to; the first part begins one. */
    private synchronized Upload upload(BackupNodeRequest.Put put) throws IOException {
        Upload known = uploads.get(put.upload());
        if (known != null) {
            return known;
        }
        if (put.offset() != 0) {
            throw new IOException(put.name() + " was given up for others; begin again");
        }
        if (put.size() > quota - used) {
            throw new IOException("no room is left for this node: it has " + used + " of " + quota + " bytes, and " + put.name() + " takes " + put.size());
        }
        if (uploads.size() >= UPLOADS) {
            giveUp(uploads.keySet().iterator().next());
        }
        Upload fresh = new Upload(put.name(), put.size(), scratch.resolve(UUID.randomUUID().toString()));
        used += put.size();
        uploads.put(put.upload(), fresh);
        return fresh;
    }

    private synchronized void giveUp(String id) throws IOException {
        Upload upload = uploads.remove(id);
        if (upload != null) {
            used -= upload.size;
            upload.drop();
        }
    }

    private BackupNodeResponse store(String id, Upload upload) throws IOException {
        boolean stored = false;
        try {
            stored = target.put(upload.name, upload.channel.map(FileChannel.MapMode.READ_ONLY, 0, upload.size));
            return new BackupNodeResponse.Stored(stored);
        } finally {
            synchronized (this) {
                if (stored && uploads.containsKey(id)) {
                    used += upload.size; // it is given back as being on its way
                }
                giveUp(id);
            }
        }
    }

    private Said get(BackupNodeRequest.Get get) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(get.length());
        try {
            int read = target.get(get.name(), get.offset(), into);
            return new Said(new BackupNodeResponse.Got(), Optional.of(Blob.of(Arrays.copyOf(into.array(), read))));
        } catch (NoSuchFileException e) {
            return Said.of(new BackupNodeResponse.Missing());
        }
    }

    private BackupNodeResponse list(String folder, String after) throws IOException {
        TreeMap<String, Long> found = new TreeMap<>();
        target.list(folder, stored -> {
            if (stored.name().compareTo(after) > 0) {
                found.put(stored.name(), stored.size());
                if (found.size() > MAX_OBJECTS) {
                    throw new IllegalStateException("more than " + MAX_OBJECTS + " objects");
                }
            }
        });
        List<BackupNodeResponse.Listed.Item> page = found.entrySet().stream().limit(BackupNodeResponse.MAX_LISTED)
                .map(entry -> new BackupNodeResponse.Listed.Item(entry.getKey(), entry.getValue())).toList();
        return new BackupNodeResponse.Listed(page, page.size() < found.size());
    }

    private boolean delete(String name) throws IOException {
        long size = target.stat(name).orElse(0);
        boolean was = target.delete(name);
        if (was) {
            synchronized (this) {
                used -= size;
            }
        }
        return was;
    }

    @Override
    public synchronized void close() throws IOException {
        for (Iterator<Upload> each = uploads.values().iterator(); each.hasNext(); each.remove()) {
            each.next().drop();
        }
        target.close();
    }
}
