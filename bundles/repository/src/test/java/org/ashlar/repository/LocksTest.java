package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.backup.BackupTarget;
import org.junit.jupiter.api.Test;

/** What is promised when somebody else has the repository for itself. */
class LocksTest extends TwoTargets {
    /** The first target, which shows no locks at the first looks. */
    private BackupTarget late(int looks) {
        AtomicInteger left = new AtomicInteger(looks);
        return (BackupTarget) Proxy.newProxyInstance(BackupTarget.class.getClassLoader(), new Class<?>[] {BackupTarget.class}, (proxy, method, given) -> {
            if (method.getName().equals("list") && given[0].equals(FileKind.LOCK.folder) && left.getAndDecrement() > 0) {
                return null;
            }
            try {
                return method.invoke(first, given);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void whoTookTheRepositoryAtTheSameMomentIsSeenBeforeAnythingIsWrittenWhereLocksAreShownLate() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 10);
        try (Replicas replicas = Replicas.of(first); Repository other = Sample.create(replicas, temporary);
                Replicas mine = Replicas.of(late(2)); Repository repository = Sample.open(mine, temporary)) {
            Set<String> before = names(first);
            try (Locks alone = Locks.exclusive(other)) {
                RepositoryException taken = assertThrows(RepositoryException.class, () -> Sample.backup(repository, tree));
                assertTrue(taken.getMessage().contains("in use by"), taken.getMessage());
            }
            assertEquals(before, names(first));
            assertEquals(List.of(), other.ids(FileKind.LOCK), "each takes its lock away");
            assertEquals(10, Sample.backup(repository, tree).files());
        }
    }

    @Test
    void whoOnlyReadsIsTurnedAwayByALockThatIsShown() throws IOException {
        Path tree = Sample.tree(temporary.resolve("tree"), 1, 10);
        try (Replicas replicas = Replicas.of(first); Repository other = Sample.create(replicas, temporary);
                Replicas mine = Replicas.of(late(1)); Repository repository = Sample.open(mine, temporary)) {
            Sample.backup(other, tree);
            Path to = temporary.resolve("back");
            try (Locks alone = Locks.exclusive(other)) {
                assertThrows(RepositoryException.class, () -> Sample.restoreLast(repository, to));
            }
            assertEquals(10, Sample.restoreLast(repository, to).files());
        }
    }
}
