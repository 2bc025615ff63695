package org.ashlar.databases;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.PackageId;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.files.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database files of all packages, {@code <folder>/<package>:<publisher>/<name>/<name>.db}. Beside them {@code .new}, where
 * files are made and go when they are removed; emptied at every start. So a database that is there is complete.
 */
final class DatabaseFiles {
    /** Databases of one package. */
    static final int PER_PACKAGE = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFiles.class);

    private final Path folder;
    private final Path fresh;

    DatabaseFiles(Path folder) {
        this.folder = folder;
        this.fresh = folder.resolve(".new");
    }

    /** Clears what a crash left. While the folder is locked. @return where files are made */
    Path begin() throws IOException {
        Durable.deleteTree(fresh);
        Durable.createFolder(fresh);
        return fresh;
    }

    static void check(DatabaseKey key) throws Refusal {
        if (!NAME.matcher(key.name()).matches()) {
            throw Refusal.because("\"" + (key.name().length() > 100 ? key.name().substring(0, 100) + "…" : key.name())
                    + "\" is no name for a database: 1 to 100 of A-Z a-z 0-9 . _ - are, not beginning with a dot");
        }
    }

    /** Where a database is, whether or not there is one. */
    Path file(DatabaseKey key) {
        return folder.resolve(key.owner().toString()).resolve(key.name()).resolve(key.name() + ".db");
    }

    boolean exists(DatabaseKey key) {
        return Files.exists(file(key), NOFOLLOW_LINKS);
    }

    /** Whether something is there to be removed, complete or not. */
    boolean hasFolder(DatabaseKey key) {
        return Files.exists(file(key).getParent(), NOFOLLOW_LINKS);
    }

    void requireRoom(PackageId owner) throws IOException, Refusal {
        if (keysOf(folder.resolve(owner.toString())).size() >= PER_PACKAGE) {
            throw Refusal.because(owner + " has " + PER_PACKAGE + " databases, the most it may have; remove one (RemoveDb)");
        }
    }

    /** Fills a new file. */
    interface Content {
        void into(Path file) throws SQLException;
    }

    void make(DatabaseKey key, Content content) throws IOException, SQLException {
        Path made = fresh.resolve(UUID.randomUUID().toString());
        Durable.createFolder(made);
        content.into(made.resolve(key.name() + ".db"));
        Durable.syncTree(made);
        Path place = file(key).getParent();
        Durable.createFolder(place.getParent());
        Durable.move(made, place);
    }

    /** @return where it is now; to be deleted */
    Path moveAway(DatabaseKey key) throws IOException {
        Path gone = fresh.resolve(UUID.randomUUID().toString());
        Durable.move(file(key).getParent(), gone);
        return gone;
    }

    List<DatabaseKey> keys() throws IOException {
        List<DatabaseKey> keys = new ArrayList<>();
        try (DirectoryStream<Path> owners = Files.newDirectoryStream(folder, path -> Files.isDirectory(path, NOFOLLOW_LINKS))) {
            for (Path owner : owners) {
                keys.addAll(keysOf(owner));
            }
        }
        return keys;
    }

    private static List<DatabaseKey> keysOf(Path owner) throws IOException {
        List<DatabaseKey> keys = new ArrayList<>();
        if (Files.isDirectory(owner, NOFOLLOW_LINKS) && !owner.getFileName().toString().startsWith(".")) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(owner)) {
                PackageId id = PackageId.parse(owner.getFileName().toString());
                names.forEach(name -> keys.add(new DatabaseKey(id, name.getFileName().toString())));
            } catch (IdentifierException e) {
                LOG.warn("{} is no folder of a package's databases and is left alone", owner);
            }
        }
        return keys;
    }
}
