package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    /** What came of a target. @param lacking after it was brought what it lacked. @param failed why that is not known */
    public record Outcome(Gap lacking, Optional<Exception> failed) {
        /** Whether it was seen that it alone restores everything. */
        public boolean isComplete() {
            return failed.isEmpty() && lacking.isNone();
        }
    }

    /** Asks what a target lacks, and changes nothing. */
    public Gap gap(String name) throws IOException {
        return one(name, Way.LOOK);
    }

    /** Brings it. @return what it lacked */
    public Gap run(String name) throws IOException {
        return one(name, Way.BRING);
    }

    /** As {@link #run}, and reads every file on the target: one whose content is not that of its name is replaced from another target. */
    public Gap repair(String name) throws IOException {
        return one(name, Way.REPAIR);
    }

    /** Brings all targets what they lack, each listed once; and once more where it was brought something, which counts when it is seen there. */
    public Map<String, Outcome> runAll() throws IOException {
        Map<String, Outcome> outcomes = new TreeMap<>();
        List<String> again = new ArrayList<>();
        round(repository.replicas.targets().keySet(), Way.BRING).forEach((name, found) -> {
            outcomes.put(name, found.outcome());
            if (found.outcome().failed().isEmpty() && !found.outcome().lacking().isNone()) {
                again.add(name);
            }
        });
        if (!again.isEmpty()) {
            round(again, Way.LOOK).forEach((name, found) -> outcomes.put(name, found.outcome()));
        }
        return outcomes;
    }

    private Gap one(String name, Way way) throws IOException {
        if (!repository.replicas.targets().containsKey(name)) {
            throw new IllegalArgumentException("There is no target " + name + ".");
        }
        Outcome outcome = round(List.of(name), way).get(name).outcome();
        if (outcome.failed().isPresent()) {
            if (outcome.failed().get() instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) outcome.failed().get();
        }
        return outcome.lacking();
    }

    /** What is done about what is missing. */
    private enum Way { LOOK, BRING, REPAIR }

    /** A target that is looked at. */
    private static final class Looked {
        final String name;
        final BackupTarget target;
        long files;
        long bytes;
        Optional<Exception> failed = Optional.empty();

        Looked(String name, BackupTarget target) {
            this.name = name;
            this.target = target;
        }

        Outcome outcome() {
            return new Outcome(new Gap(files, bytes), failed);
        }
    }

    /** Kind by kind over all of them: on each, the order is kept. One that fails is not looked at any further. */
    private Map<String, Looked> round(Collection<String> names, Way way) throws IOException {
        Map<String, Looked> all = new TreeMap<>();
        Map<String, BackupTarget> targets = repository.replicas.targets();
        names.forEach(name -> Optional.ofNullable(targets.get(name)).ifPresent(target -> all.put(name, new Looked(name, target))));
        if (way != Way.LOOK) {
            all.keySet().forEach(repository.replicas::catchingUp);
        }
        try (Locks lock = Locks.shared(repository)) {
            for (Looked one : all.values()) {
                attempt(one, () -> one.files += config(one, way != Way.LOOK, lock));
            }
            for (FileKind kind : ORDER) {
                try (Holdings holdings = Holdings.of(repository, kind)) {
                    for (Looked one : all.values()) {
                        attempt(one, () -> compare(one, kind, holdings, way, lock));
                    }
                }
            }
        }
        for (Looked one : all.values()) {
            if (way != Way.LOOK && one.failed.isEmpty()) {
                repository.replicas.caughtUp(one.name);
            }
        }
        return all;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(Looked one, Step step) {
        if (one.failed.isEmpty()) {
            try {
                step.run();
            } catch (IOException | RuntimeException e) {
                one.failed = Optional.of(e);
            }
        }
    }

    private void compare(Looked one, FileKind kind, Holdings holdings, Way way, Locks lock) throws IOException {
        holdings.requireListed(one.name);
        holdings.forEach((id, size) -> {
            lock.check();
            if (!holdings.has(one.name, id, size) || way == Way.REPAIR && !isWhole(one.target, kind, id)) {
                one.files++;
                one.bytes += size;
                if (way != Way.LOOK) {
                    lock.confirm();
                    bring(one.target, kind, id);
                }
            }
        });
    }

    private long config(Looked one, boolean bring, Locks lock) throws IOException {
        BackupTarget target = one.target;
        if (target.stat(FileKind.CONFIG).isEmpty()) {
            if (bring) {
                lock.confirm();
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
        throw new RepositoryException("The target " + one.name + " holds another repository, or one whose config is damaged. Nothing was changed;"
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
