package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.backup.BackupTarget;

/**
 * Brings a target what the others have and it lacks, in the order that keeps it whole at every moment: config and keys, packs, index,
 * marks, snapshots. Nothing is deleted from it. A file on it that is damaged is put right, once that was found out by {@link Check}.
 */
public final class CatchUp {
    private static final List<FileKind> ORDER = List.of(FileKind.KEY, FileKind.PACK, FileKind.INDEX, FileKind.MARK, FileKind.SNAPSHOT);

    private final Repository repository;

    public CatchUp(Repository repository) {
        this.repository = repository;
    }

    /**
     * How a target compares with all of them together.
     *
     * @param files missing on it, or of another size
     * @param bytes of these files
     */
    public record Gap(long files, long bytes) {
        /** Whether it alone restores everything. */
        public boolean isNone() {
            return files == 0;
        }
    }

    /** Asks what a target lacks, and changes nothing. */
    public Gap gap(String name) throws IOException {
        return run(name, false, false);
    }

    /** Brings it. @return what it lacked */
    public Gap run(String name) throws IOException {
        repository.replicas.catchingUp(name);
        Gap gap = run(name, true, false);
        repository.replicas.caughtUp(name);
        return gap;
    }

    /** As {@link #run}, and reads every file on the target: one whose content is not that of its name is replaced from another target. */
    public Gap repair(String name) throws IOException {
        repository.replicas.catchingUp(name);
        Gap gap = run(name, true, true);
        repository.replicas.caughtUp(name);
        return gap;
    }

    private Gap run(String name, boolean bring, boolean read) throws IOException {
        BackupTarget target = Optional.ofNullable(repository.replicas.targets().get(name))
                .orElseThrow(() -> new IllegalArgumentException("There is no target " + name + "."));
        try (Locks lock = Locks.shared(repository)) {
            long files = config(target, name, bring);
            long bytes = 0;
            for (FileKind kind : ORDER) {
                try (Holdings holdings = Holdings.of(repository, kind, target)) {
                    long[] wrong = new long[2];
                    holdings.forEach((id, size) -> {
                        lock.check();
                        if (!holdings.has(id, size) || read && !isWhole(target, kind, id)) {
                            wrong[0]++;
                            wrong[1] += size;
                            if (bring) {
                                bring(target, kind, id);
                            }
                        }
                    });
                    files += wrong[0];
                    bytes += wrong[1];
                }
            }
            return new Gap(files, bytes);
        }
    }

    private long config(BackupTarget target, String name, boolean bring) throws IOException {
        if (target.stat(FileKind.CONFIG).isEmpty()) {
            if (bring) {
                byte[] sealed = repository.replicas.readAll(FileKind.CONFIG, FileKind.MAX_CONFIG, bytes -> {
                    Config.parse(repository.key.open(bytes));
                    return bytes;
                });
                target.put(FileKind.CONFIG, ByteBuffer.wrap(sealed));
            }
            return 1;
        }
        byte[] there = Replicas.readAll(target, FileKind.CONFIG, FileKind.MAX_CONFIG);
        try {
            if (Config.parse(repository.key.open(there)).id().equals(repository.config.id())) {
                return 0;
            }
        } catch (DamagedException e) {
            // The same, for who asks: this is not our repository.
        }
        throw new RepositoryException("The target " + name + " holds another repository, or one whose config is damaged. Nothing was changed;"
                + " choose an empty place.");
    }

    private static boolean isWhole(BackupTarget target, FileKind kind, Id id) throws IOException {
        try {
            return Id.of(Replicas.readAll(target, kind.path(id), kind.limit)).equals(id);
        } catch (NoSuchFileException | DamagedException e) {
            return false;
        }
    }

    private void bring(BackupTarget target, FileKind kind, Id id) throws IOException {
        String path = kind.path(id);
        byte[] good;
        try {
            good = repository.replicas.readAll(path, kind.limit, bytes -> {
                if (!Id.of(bytes).equals(id)) {
                    throw new DamagedException("its content does not belong to its name");
                }
                return bytes;
            });
        } catch (NoSuchFileException e) {
            return; // deleted since it was listed
        }
        if (!target.put(path, ByteBuffer.wrap(good)) && !isWhole(target, kind, id)) {
            target.delete(path);
            target.put(path, ByteBuffer.wrap(good));
        }
    }
}
