package org.ashlar.repository;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.ashlar.api.backup.BackupTarget;

/**
 * A repository that was opened with its password.
 * <p>
 * What is done with it has a class of its own: {@link Backup}, {@link Restore}, {@link Check}, {@link Forget}, {@link Prune}, {@link
 * RepairIndex}, {@link CatchUp}. Each takes the lock it needs. Threads: any number; calls do I/O and are for platform threads.
 */
public final class Repository implements AutoCloseable {
    /** Most files of one kind that are looked at, packs aside. */
    static final int MAX_FILES = 200_000;
    /** Says that the rest of an unpacked file is compressed. */
    private static final byte COMPRESSED = 2;
    private static final int MAX_JSON = 128 << 20;

    final Replicas replicas;
    final Options options;
    final MasterKey key;
    final Config config;
    private final Id keyId;
    private BlobIndex index;

    Repository(Replicas replicas, Options options, MasterKey key, Id keyId, Config config) {
        this.replicas = replicas;
        this.options = options;
        this.key = key;
        this.keyId = keyId;
        this.config = config;
    }

    /** @throws RepositoryException when a target holds a repository already */
    public static Repository create(Replicas replicas, char[] password, Options options) throws IOException {
        if (exists(replicas)) {
            throw new RepositoryException("There is a repository already; open it, or choose an empty place.");
        }
        MasterKey key = MasterKey.random(options.random());
        Config config = Config.random(options.random());
        Id keyId = Keys.add(replicas, key, password, options);
        // Last: with it, there is a repository. Of two who make one at once, one finds it taken.
        if (!replicas.put(FileKind.CONFIG, ByteBuffer.wrap(key.seal(config.json())))) {
            replicas.delete(FileKind.KEY.path(keyId));
            throw new RepositoryException("Somebody made a repository there at the same time; open it.");
        }
        return new Repository(replicas, options, key, keyId, config);
    }

    /** Whether one of the targets holds a repository. */
    public static boolean exists(Replicas replicas) throws IOException {
        IOException why = null;
        int asked = 0;
        for (BackupTarget target : replicas.targets().values()) {
            try {
                if (target.stat(FileKind.CONFIG).isPresent()) {
                    return true;
                }
                asked++;
            } catch (IOException e) {
                why = e;
            }
        }
        if (asked == 0) {
            throw why == null ? new IOException("There is no target.") : why;
        }
        return false;
    }

    /** @throws RepositoryException when there is none, or the password opens none of its keys */
    public static Repository open(Replicas replicas, char[] password, Options options) throws IOException {
        if (!exists(replicas)) {
            throw new RepositoryException("There is no repository there: the object \"config\" is missing. Is it the right place?");
        }
        return Keys.open(replicas, password, options);
    }

    /** Digits that name this repository, wherever it lies. */
    public Id id() {
        return config.id();
    }

    /** Adds a password, once it was seen to open the repository; the others go on doing so. @return its key */
    public Id addPassword(char[] password) throws IOException {
        Id added = Keys.add(replicas, key, password, options);
        Keys.read(replicas, added).open(password, options.random());
        return added;
    }

    /** The key that a password opens. @throws RepositoryException when it opens none */
    public Id keyOf(char[] password) throws IOException {
        try (Repository opened = Keys.open(replicas, password, options)) {
            return opened.keyId;
        }
    }

    /** Every target should be there: one that is not keeps the key, and brings it back. @throws RepositoryException when it is the last */
    public void removePassword(Id removed) throws IOException {
        List<Id> all = ids(FileKind.KEY);
        if (all.size() == 1 && all.contains(removed)) {
            throw new RepositoryException("This is the only password, and without one nobody can read the backups. Add another first.");
        }
        replicas.delete(FileKind.KEY.path(removed));
    }

    /** A password's key file. */
    public record KeyInfo(Id id, Stamp created, String hostname, String username) { }

    public List<KeyInfo> keys() throws IOException {
        List<KeyInfo> keys = new ArrayList<>();
        for (Id id : ids(FileKind.KEY)) {
            KeyFile file = Keys.read(replicas, id);
            keys.add(new KeyInfo(id, file.created(), file.hostname(), file.username()));
        }
        return keys;
    }

    /** A snapshot and its id. */
    public record StoredSnapshot(Id id, Snapshot snapshot) { }

    /** All snapshots that can be read, oldest first. Damaged ones are left out; {@link Check} reports them. */
    public List<StoredSnapshot> snapshots() throws IOException {
        List<StoredSnapshot> snapshots = new ArrayList<>();
        for (Id id : ids(FileKind.SNAPSHOT)) {
            try {
                snapshots.add(new StoredSnapshot(id, snapshot(id)));
            } catch (DamagedException | NoSuchFileException e) {
                // Deleted meanwhile, or damaged.
            }
        }
        snapshots.sort(Comparator.comparing((StoredSnapshot stored) -> stored.snapshot().time()).thenComparing(stored -> stored.id().toString()));
        return snapshots;
    }

    public Snapshot snapshot(Id id) throws IOException {
        return Snapshot.parse(loadUnpacked(FileKind.SNAPSHOT, id));
    }

    List<Id> ids(FileKind kind) throws IOException {
        return ids(replicas, kind);
    }

    static List<Id> ids(Replicas replicas, FileKind kind) throws IOException {
        Set<String> names = new TreeSet<>();
        replicas.list(kind.folder, stored -> kind.id(stored.name()).ifPresent(id -> {
            if (names.add(id.toString()) && names.size() > MAX_FILES) {
                throw new RepositoryException("A target shows more than " + MAX_FILES + " files in \"" + kind.folder + "\". With so many"
                        + " snapshots, \"forget\" some and \"prune\".");
            }
        }));
        return names.stream().map(Id::parse).toList();
    }

    /** Reads a file that is no pack: its JSON. */
    byte[] loadUnpacked(FileKind kind, Id id) throws IOException {
        return load(kind, id, text -> {
            try (InputStream in = text) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new DamagedException(kind.path(id) + ": " + e.getMessage(), e);
            }
        }, MAX_JSON);
    }

    <T> T load(FileKind kind, Id id, Function<InputStream, T> decode, long limit) throws IOException {
        return replicas.readAll(kind.path(id), kind.limit, sealed -> {
            if (!Id.of(sealed).equals(id)) {
                throw new DamagedException("its content does not belong to its name");
            }
            return decode.apply(unpack(key.open(sealed), limit));
        });
    }

    private static InputStream unpack(byte[] plain, long limit) {
        if (plain.length > 0 && (plain[0] == '{' || plain[0] == '[')) {
            return new ByteArrayInputStream(plain);
        }
        if (plain.length == 0 || plain[0] != COMPRESSED) {
            throw new DamagedException("neither JSON nor compressed in a way that is known");
        }
        try {
            return Zstandard.stream(plain, 1, limit);
        } catch (IOException e) {
            throw new DamagedException("not compressed as it should be: " + e.getMessage(), e);
        }
    }

    /** Seals JSON and stores it. @return its id */
    Id saveUnpacked(FileKind kind, byte[] json) throws IOException {
        byte[] compressed = Zstandard.compress(json, Zstandard.NORMAL);
        byte[] plain = new byte[compressed.length + 1];
        plain[0] = COMPRESSED;
        System.arraycopy(compressed, 0, plain, 1, compressed.length);
        byte[] sealed = key.seal(plain);
        Id id = Id.of(sealed);
        replicas.put(kind.path(id), ByteBuffer.wrap(sealed));
        return id;
    }

    /**
     * The index, read when it is asked for first. Whoever reads snapshots lists them before: an index that is read afterwards knows all
     * that they need.
     */
    synchronized BlobIndex index() throws IOException {
        if (index == null) {
            index = readIndex();
        }
        return index;
    }

    /** Reads the index anew at the next use: others may have changed the repository. Not while anything is done with it. */
    public void refresh() {
        forgetIndex();
    }

    synchronized void forgetIndex() {
        if (index != null) {
            index.close();
            index = null;
        }
    }

    private BlobIndex readIndex() throws IOException {
        BlobIndex fresh = new BlobIndex(options.scratch());
        boolean complete = false;
        try {
            // Also those that another stands for: no pack is deleted as long as any index file names it.
            for (Id id : ids(FileKind.INDEX)) {
                addIndex(fresh, id);
            }
            complete = true;
        } finally {
            if (!complete) {
                fresh.close();
            }
        }
        return fresh;
    }

    private void addIndex(BlobIndex into, Id id) throws IOException {
        try {
            load(FileKind.INDEX, id, text -> IndexFile.read(text, into::add), IndexFile.MAX_TEXT);
        } catch (NoSuchFileException e) {
            // Replaced by another since it was listed, which is only done with an exclusive lock.
        } catch (DamagedException e) {
            throw new DamagedException("An index file is damaged: " + e.getMessage() + ". \"repair\" makes it anew from the packs.", e);
        }
    }

    BlobReader reader() throws IOException {
        return new BlobReader(this, index());
    }

    /**
     * The entries of a folder of a snapshot.
     *
     * @param path as text, such as {@code /home/alice}; {@code /} is the top
     * @throws NoSuchFileException when there is no such folder
     */
    public List<Node> list(Snapshot snapshot, String path) throws IOException {
        BlobReader reader = reader();
        List<Node> nodes = reader.tree(snapshot.tree());
        for (String part : path.split("/")) {
            if (part.isEmpty()) {
                continue;
            }
            String name = RawName.encode(part);
            Id next = nodes.stream().filter(node -> node.name().equals(name)).findFirst().flatMap(Node::subtree)
                    .orElseThrow(() -> new NoSuchFileException(path, null, "there is no such folder in the snapshot"));
            nodes = reader.tree(next);
        }
        return nodes;
    }

    /** Removes locks whose holders are gone. @return how many */
    public int removeStaleLocks() throws IOException {
        return Locks.removeStale(this);
    }

    @Override
    public synchronized void close() {
        forgetIndex();
    }
}
