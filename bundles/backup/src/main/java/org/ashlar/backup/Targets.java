package org.ashlar.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.repository.DeadlineTarget;
import org.ashlar.repository.RateLimitedTarget;
import org.ashlar.repository.Replicas;
import org.ashlar.repository.RetryingTarget;

/**
 * The targets that are there, by name, each wrapped so that a call that fails is tried again and one that stalls is given up.
 * <p>
 * Life cycle: a target is attached when its service comes and detached when it goes; of two with one name the later counts, and the earlier
 * comes back when that goes. A run that is under way goes on with the others. The targets are closed by whoever offers them.
 * <p>
 * Threads: any number.
 */
final class Targets {
    private static final int TRIES = 3;
    /** What may have to be paid for before an object goes to a target with a limit, in bytes: the two before it, and itself. */
    private static final long AHEAD = 3L * 32 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);

    private final Duration patience;
    private final Replicas replicas;
    private final Map<String, List<Attached>> attached = new TreeMap<>();
    private final Set<String> suspended = new HashSet<>();

    /** A target that is there. @param place where, for people. @param limit bytes a second. @param patience how long one object may take */
    record Attached(String name, String place, OptionalLong limit, BackupTarget target, BackupTarget wrapped, Duration patience) {
        /** Where it is, and how it is used, for people. */
        String location() {
            return place + (limit.isPresent() ? ", at most " + Words.size(limit.getAsLong()) + " a second" : "");
        }
    }

    /** @param patience how long one call on a target may take */
    Targets(Duration patience) {
        this.patience = patience;
        this.replicas = new Replicas(patience.multipliedBy(TRIES));
    }

    Replicas replicas() {
        return replicas;
    }

    void attach(String name, String location, BackupTarget target) {
        attach(name, location, target, OptionalLong.empty());
    }

    /** @param limit bytes a second */
    synchronized void attach(String name, String location, BackupTarget target, OptionalLong limit) {
        BackupTarget bounded = new DeadlineTarget(new Borrowed(target), patience);
        Duration each = patience;
        if (limit.isPresent()) {
            bounded = new RateLimitedTarget(bounded, limit.getAsLong());
            each = each.plusSeconds(AHEAD / limit.getAsLong());
        }
        Attached fresh = new Attached(name, location, limit, target,
                new RetryingTarget(bounded, TRIES, FIRST_PAUSE), each.multipliedBy(TRIES));
        attached.computeIfAbsent(name, absent -> new ArrayList<>()).addLast(fresh);
        suspended.remove(name);
        join(fresh);
        notifyAll();
    }

    private void join(Attached target) {
        replicas.add(target.name(), target.wrapped(), target.patience());
    }

    synchronized void detach(BackupTarget target) {
        for (Map.Entry<String, List<Attached>> one : attached.entrySet()) {
            List<Attached> stack = one.getValue();
            boolean current = !stack.isEmpty() && stack.getLast().target() == target;
            stack.stream().filter(each -> each.target() == target).forEach(each -> each.wrapped().close());
            stack.removeIf(each -> each.target() == target);
            if (current && stack.isEmpty()) {
                replicas.remove(one.getKey());
            } else if (current) {
                join(stack.getLast());
            }
        }
        attached.values().removeIf(List::isEmpty);
        notifyAll();
    }

    /** Writes and reads go past a target that is not what it was. */
    synchronized void suspend(String name) {
        if (suspended.add(name)) {
            replicas.remove(name);
        }
    }

    /** It is what it was again. It is behind until it is caught up. */
    synchronized void resume(String name) {
        if (suspended.remove(name)) {
            named(name).ifPresent(this::join);
        }
    }

    synchronized List<Attached> all() {
        return attached.values().stream().map(List::getLast).toList();
    }

    synchronized Optional<Attached> named(String name) {
        return Optional.ofNullable(attached.get(name)).map(List::getLast);
    }

    /** The one whose place is called so. */
    synchronized Optional<Attached> at(String place) {
        return all().stream().filter(target -> target.place().equals(place)).findFirst();
    }

    /** The target of that name, as soon as it is there and another than {@code before}; empty when that takes longer than {@code atMost}. */
    synchronized Optional<Attached> await(String name, Optional<BackupTarget> before, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        Optional<Attached> found = otherThan(before, name);
        for (long left = atMost.toMillis(); found.isEmpty() && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            wait(left);
            found = otherThan(before, name);
        }
        return found;
    }

    private Optional<Attached> otherThan(Optional<BackupTarget> before, String name) {
        return named(name).filter(there -> !before.equals(Optional.of(there.target())));
    }

    /** Closing ends the threads of the wrapping, and leaves the target to its owner. */
    private record Borrowed(BackupTarget target) implements BackupTarget {
        @Override
        public boolean put(String name, ByteBuffer content) throws IOException {
            return target.put(name, content);
        }

        @Override
        public int get(String name, long offset, ByteBuffer into) throws IOException {
            return target.get(name, offset, into);
        }

        @Override
        public void list(String folder, java.util.function.Consumer<Stored> each) throws IOException {
            target.list(folder, each);
        }

        @Override
        public boolean delete(String name) throws IOException {
            return target.delete(name);
        }

        @Override
        public OptionalLong stat(String name) throws IOException {
            return target.stat(name);
        }

        @Override
        public void close() {
            // its owner does
        }
    }
}
