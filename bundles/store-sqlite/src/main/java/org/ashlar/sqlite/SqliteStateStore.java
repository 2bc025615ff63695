package org.ashlar.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StoreException;
import org.ashlar.files.Durable;
import org.ashlar.files.FolderLock;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state store on one SQLite file, {@code <home>/store/state.db}, in WAL mode with {@code synchronous=FULL}.
 * <p>
 * Life cycle: takes the lock on its folder, waiting for a predecessor; checks the whole file; works until it is
 * deactivated, which ends what was accepted and lets go of the lock.
 */
@Component(service = {StateStore.class, Snapshotable.class})
public final class SqliteStateStore implements StateStore, Snapshotable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStateStore.class);
    private static final long CLOSE_MILLIS = 30_000;
    private static final Pattern TABLE = Pattern.compile("[a-z-]{1,32}");
    /** A scan hands over its pairs in pages of this many, or of as many as bring it over this many bytes. */
    private static final int PAGE = 256;
    private static final int PAGE_BYTES = 1 << 20;

    private final FolderLock lock;
    private final Database database;
    private final Writer writer;
    private final Readers readers;
    private final Snapshots snapshots;

    @Activate
    public SqliteStateStore(BundleContext context) {
        this(home(context));
    }

    private static Path home(BundleContext context) {
        return Path.of(Optional.ofNullable(context.getProperty("ashlar.home")).orElseThrow(() -> new StoreException(
                "The framework property ashlar.home is not set; it must be the absolute path of the node's home folder.")));
    }

    /**
     * Opens the store of a home outside a framework.
     *
     * @throws StoreException when it is in use, damaged or cannot be written
     */
    public SqliteStateStore(Path home) {
        this(home, FolderLock.PATIENCE);
    }

    SqliteStateStore(Path home, Duration patience) {
        Path folder = home.resolve("store");
        database = new Database(folder);
        try {
            Durable.createFolder(folder);
            lock = FolderLock.take(folder, patience);
        } catch (IOException e) {
            throw new StoreException("The store cannot be opened: " + e.getMessage(), e);
        }
        boolean opened = false;
        try {
            database.prepare();
            readers = new Readers(database);
            writer = new Writer(database);
            snapshots = new Snapshots(database, writer);
            opened = true;
        } catch (IOException e) {
            throw unusable(e);
        } catch (SQLException e) {
            throw database.failure("cannot be opened", e);
        } finally {
            if (!opened) {
                unlock(lock);
            }
        }
    }

    private StoreException unusable(IOException e) {
        return new StoreException("The store " + database.file() + " cannot be opened: " + e + ". Check that the folder"
                + " belongs to the user who runs the node, and that the disk has room.", e);
    }

    /** Ends what was accepted and lets go of the folder. */
    @Deactivate
    public void close() {
        try {
            snapshots.release();
            readers.close(CLOSE_MILLIS);
            if (!writer.close(CLOSE_MILLIS)) {
                LOG.error("The store {} did not finish writing within {} s and keeps its folder locked; restart the node.",
                        database.file(), CLOSE_MILLIS / 1000);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("Closing the store {} was interrupted; its folder stays locked until the node restarts.",
                    database.file());
            return;
        }
        unlock(lock);
    }

    private static void unlock(FolderLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("Letting go of the lock on the store", e);
        }
    }

    @Override
    public Optional<byte[]> get(String table, String key) {
        checkTable(table);
        byte[] utf8 = checkedKey(key);
        return readers.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                    "select value from entries where tab = ? and key = ?")) {
                query.setString(1, table);
                query.setBytes(2, utf8);
                ResultSet result = query.executeQuery();
                return result.next() ? Optional.of(value(result, 1)) : Optional.empty();
            }
        });
    }

    /** The pairs are handed over on the caller's thread, so a consumer may use the store. */
    @Override
    public void scan(String table, String prefix, BiConsumer<String, byte[]> each) {
        checkTable(table);
        byte[] begin = checkedKey(prefix);
        Optional<byte[]> after = Optional.empty();
        List<Pair> page;
        do {
            Optional<byte[]> last = after;
            page = readers.read(connection -> page(connection, table, begin, last));
            page.forEach(pair -> each.accept(new String(pair.key(), UTF_8), pair.value()));
            after = page.isEmpty() ? after : Optional.of(page.getLast().key());
        } while (!page.isEmpty());
    }

    private static List<Pair> page(Connection connection, String table, byte[] prefix, Optional<byte[]> after)
            throws SQLException {
        List<Pair> page = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("select key, value from entries where tab = ? and key "
                + (after.isPresent() ? ">" : ">=") + " ? order by key limit " + PAGE)) {
            query.setString(1, table);
            query.setBytes(2, after.orElse(prefix));
            ResultSet result = query.executeQuery();
            long bytes = 0;
            while (bytes < PAGE_BYTES && result.next()) {
                byte[] key = value(result, 1);
                if (!Arrays.equals(key, 0, Math.min(prefix.length, key.length), prefix, 0, prefix.length)) {
                    break;
                }
                page.add(new Pair(key, value(result, 2)));
                bytes += page.getLast().value().length;
            }
        }
        return page;
    }

    private record Pair(byte[] key, byte[] value) { }

    /** A blob of no bytes is null to the driver; a column here never is. */
    private static byte[] value(ResultSet result, int column) throws SQLException {
        byte[] value = result.getBytes(column);
        return value == null ? new byte[0] : value;
    }

    @Override
    public void commit(List<Change> changes) {
        List<Change> copy = List.copyOf(changes);
        copy.forEach(SqliteStateStore::check);
        if (!copy.isEmpty()) {
            writer.commit(copy);
        }
    }

    private static void check(Change change) {
        checkTable(change.table());
        checkedKey(change.key());
        change.value().ifPresent(value -> {
            if (value.length > MAX_VALUE) {
                throw new StoreException("The value of \"" + change.key() + "\" in table " + change.table() + " has "
                        + value.length + " bytes; at most " + MAX_VALUE + " can be kept.");
            }
        });
    }

    private static void checkTable(String table) {
        if (!TABLE.matcher(table).matches()) {
            throw new StoreException("\"" + table + "\" is no name for a table: 1 to 32 of a-z and '-' are.");
        }
    }

    private static byte[] checkedKey(String key) {
        try {
            ByteBuffer utf8 = UTF_8.newEncoder().encode(CharBuffer.wrap(key));
            if (utf8.remaining() > MAX_KEY) {
                throw new StoreException("The key \"" + key.substring(0, 40) + "…\" has " + utf8.remaining()
                        + " bytes; at most " + MAX_KEY + " are allowed.");
            }
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new StoreException("A key holds half of a surrogate pair and so has no UTF-8 form.", e);
        }
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public void prepare() throws IOException {
        snapshots.prepare();
    }

    @Override
    public void cut(Barrier barrier) throws IOException {
        snapshots.cut(barrier);
    }

    @Override
    public List<Entry> open() throws IOException {
        return snapshots.open();
    }

    @Override
    public void release() {
        snapshots.release();
    }
}
