package org.ashlar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.files.Durable;
import org.ashlar.repository.Repository;
import org.ashlar.repository.Restore;
import org.ashlar.repository.Snapshot;
import org.ashlar.repository.Watcher;

/**
 * Makes the home of a node from a snapshot. It is written aside, synced, and named last: whatever happens, under the home's name there is
 * a whole home or nothing. What a run that was cut off left aside, the next one removes.
 * <p>
 * Bundles that were deployed come back in {@code deploy.restored}, and start only when a person moves them: each has the full authority
 * of the JVM.
 */
final class HomeRestore {
    static final String DEPLOYED = "deploy.restored";

    private final Path home;
    private final Path aside;

    HomeRestore(Path home) {
        this.home = home;
        this.aside = home.resolveSibling("." + home.getFileName() + ".restoring");
    }

    /**
     * What came of it.
     *
     * @param problems what could not be restored; then there is no home, and what there is lies in {@code folder}
     */
    record Result(long files, long bytes, List<String> problems, Path folder, long deployed) { }

    /** @throws IOException when something is in the way */
    void requireFree() throws IOException {
        if (Files.exists(home, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder()) {
            throw new IOException(home + " is there already; name a new folder with --home");
        }
    }

    /** @throws IOException when something is in the way: then nothing was changed */
    Result run(Repository repository, Snapshot snapshot, Watcher watcher) throws IOException {
        requireFree();
        Durable.deleteTree(aside);
        Path above = aside.toAbsolutePath().getParent();
        Files.createDirectories(above);
        Files.createDirectory(aside, PosixFilePermissions.asFileAttribute(Durable.OWNER_FOLDER));
        Restore.Result restored = new Restore(repository, snapshot).durably().watched(watcher).to(aside);
        Path fresh = aside.resolve(NodeSource.TOP);
        if (restored.failed() > 0) {
            return new Result(restored.files(), restored.bytes(), restored.problems(), aside, 0);
        }
        if (!Files.isRegularFile(fresh.resolve("VERSION"))) {
            Durable.deleteTree(aside);
            throw new IOException("this snapshot is not that of a node: it has no " + NodeSource.TOP + "/VERSION");
        }
        Durable.deleteTree(fresh.resolve("kernel")); // for people to read; the truth is in the store
        long deployed = setAside(fresh);
        Files.setPosixFilePermissions(fresh, Durable.OWNER_FOLDER);
        Durable.sync(fresh);
        Durable.sync(aside);
        Files.deleteIfExists(home); // an empty folder
        Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        Durable.sync(above);
        Durable.deleteTree(aside);
        return new Result(restored.files(), restored.bytes(), List.of(), home, deployed);
    }

    private boolean isEmptyFolder() throws IOException {
        if (!Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> content = Files.list(home)) {
            return content.findAny().isEmpty();
        }
    }

    private static long setAside(Path fresh) throws IOException {
        Path deploy = fresh.resolve("deploy");
        if (!Files.isDirectory(deploy)) {
            return 0;
        }
        long count;
        try (Stream<Path> bundles = Files.list(deploy)) {
            count = bundles.count();
        }
        if (count == 0) {
            Files.delete(deploy);
        } else {
            Files.move(deploy, fresh.resolve(DEPLOYED), StandardCopyOption.ATOMIC_MOVE);
        }
        return count;
    }
}
