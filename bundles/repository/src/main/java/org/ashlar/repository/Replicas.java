package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTarget.Stored;

/**
 * The targets that hold one repository. What is written goes to all, the same bytes; what is read comes from the first that
 * has it undamaged.
 * <p>
 * Life cycle: targets come and go at any time ({@link #add}, {@link #remove}). One that fails or stalls while it is written to
 * is left behind and the rest goes on; {@link CatchUp} brings it up to date, and until then it is asked last. Targets are not
 * closed here.
 * <p>
 * Threads: any number; each target is written to on a thread of its own.
 */
public final class Replicas implements AutoCloseable {
    /** How long one object may take. A target that takes longer is left behind. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Duration patience;
    private final CopyOnWriteArrayList<Member> members = new CopyOnWriteArrayList<>();
    private final AtomicLong failedPuts = new AtomicLong();

    public Replicas() {
        this(PATIENCE);
    }

    /** @param patience how long one object may take to be written to one target */
    public Replicas(Duration patience) {
        this.patience = patience;
    }

    public static Replicas of(BackupTarget... targets) {
        Replicas replicas = new Replicas();
        for (int i = 0; i < targets.length; i++) {
            replicas.add("target-" + (i + 1), targets[i]);
        }
        return replicas;
    }

    /** How a target stands. @param behind why it is left behind; empty when it took everything since it was added or caught up */
    public record Status(String name, Optional<String> behind) { }

    private static final class Member {
        final String name;
        final BackupTarget target;
        final Duration patience;
        final Courier courier;
        volatile Optional<String> behind = Optional.empty();
        /** Is being brought up to date: it is written to again, and what it lacks is on its way. */
        volatile boolean catchingUp;

        Member(String name, BackupTarget target, Duration patience) {
            this.name = name;
            this.target = target;
            this.patience = patience;
            this.courier = new Courier("backup to " + name);
        }
    }

    /** Adds a target. It is written to from now on; what it lacks, {@link CatchUp} brings. */
    public void add(String name, BackupTarget target) {
        add(name, target, patience);
    }

    /** The same for a target that may take so long for one object. */
    public synchronized void add(String name, BackupTarget target, Duration patience) {
        remove(name);
        members.add(new Member(name, target, patience));
    }

    /** Forgets a target; nothing happens when there is none of that name. A call on it that is under way goes on. */
    public synchronized void remove(String name) {
        for (Member member : members) {
            if (member.name.equals(name)) {
                members.remove(member);
                member.courier.close();
            }
        }
    }

    /** How many puts have failed on one target or another; each of them may still read what it was given. */
    long failedPuts() {
        return failedPuts.get();
    }

    public List<Status> status() {
        return members.stream().map(member -> new Status(member.name, member.behind)).toList();
    }

    Map<String, BackupTarget> targets() {
        Map<String, BackupTarget> targets = new LinkedHashMap<>();
        for (Member member : members) {
            targets.put(member.name, member.target);
        }
        return targets;
    }

    /** From now on a target that is behind gets what is written. Called before it is asked what it lacks: so nothing falls between. */
    void catchingUp(String name) {
        for (Member member : members) {
            if (member.name.equals(name)) {
                member.catchingUp = true;
            }
        }
    }

    /** A target has what the others have; unless a write to it failed meanwhile. */
    void caughtUp(String name) {
        for (Member member : members) {
            if (member.name.equals(name) && member.catchingUp) {
                member.catchingUp = false;
                member.behind = Optional.empty();
            }
        }
    }

    private List<Member> inOrder() {
        List<Member> order = new ArrayList<>(members.stream().filter(member -> member.behind.isEmpty()).toList());
        order.addAll(members.stream().filter(member -> member.behind.isPresent()).toList());
        return order;
    }

    /**
     * Stores an object on all targets that are not behind, and when all are, on each that takes it; it is durable on them when this
     * returns.
     *
     * @return whether none of them had one of that name
     * @throws IOException when no target took it
     */
    boolean put(String name, ByteBuffer content) throws IOException {
        Map<Member, Future<Boolean>> puts = new LinkedHashMap<>();
        boolean allBehind = members.stream().noneMatch(member -> member.behind.isEmpty() || member.catchingUp);
        for (Member member : members) {
            if (allBehind || member.behind.isEmpty() || member.catchingUp) {
                try {
                    puts.put(member, member.courier.submit(() -> member.target.put(name, content.duplicate())));
                } catch (java.util.concurrent.RejectedExecutionException e) {
                    leaveBehind(member, new IOException("it was removed, or has stalled"));
                }
            }
        }
        boolean fresh = true;
        int stored = 0;
        Optional<Throwable> why = Optional.empty();
        long begun = System.nanoTime();
        for (Map.Entry<Member, Future<Boolean>> put : puts.entrySet()) {
            try {
                long left = put.getKey().patience.toNanos() - (System.nanoTime() - begun);
                fresh &= put.getValue().get(Math.max(left, 0), java.util.concurrent.TimeUnit.NANOSECONDS);
                stored++;
            } catch (ExecutionException e) {
                why = Optional.of(leaveBehind(put.getKey(), e.getCause()));
            } catch (TimeoutException e) {
                why = Optional.of(leaveBehind(put.getKey(), new IOException("took longer than " + put.getKey().patience.toSeconds() + " s for " + name)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name + " was stored", e);
            }
        }
        if (stored == 0) {
            throw new IOException("No target took " + name + ": " + why.map(Throwable::getMessage)
                    .or(() -> members.stream().flatMap(member -> member.behind.stream()).findFirst()).orElse("there is none"), why.orElse(null));
        }
        return fresh;
    }

    private Throwable leaveBehind(Member member, Throwable why) {
        failedPuts.incrementAndGet();
        if (why instanceof Error error) {
            throw error;
        }
        member.catchingUp = false;
        member.behind = Optional.of(String.valueOf(why.getMessage() == null ? why : why.getMessage()));
        return why;
    }

    /**
     * Reads a range from the first target on which {@code decode} finds it in order.
     *
     * @param decode gets at most {@code length} bytes, fewer at the end of the object; throws {@link DamagedException}
     */
    <T> T read(String name, long offset, int length, Function<byte[], T> decode) throws IOException {
        return first(name, target -> {
            byte[] bytes = new byte[length];
            int read = target.get(name, offset, ByteBuffer.wrap(bytes));
            return decode.apply(read == length ? bytes : Arrays.copyOf(bytes, read));
        });
    }

    /**
     * Reads a range from the first target that gives it, unseen whether it is in order.
     *
     * @return how many bytes were read, fewer than asked for at the end of the object
     */
    int read(String name, long offset, ByteBuffer into) throws IOException {
        return first(name, target -> target.get(name, offset, into.duplicate()));
    }

    /** Reads a whole object. */
    <T> T readAll(String name, int limit, Function<byte[], T> decode) throws IOException {
        return first(name, target -> decode.apply(readAll(target, name, limit)));
    }

    /** Reads something of a target. */
    private interface Reading<T> {
        T from(BackupTarget target) throws IOException;
    }

    private <T> T first(String name, Reading<T> reading) throws IOException {
        List<Exception> failures = new ArrayList<>();
        for (Member member : inOrder()) {
            try {
                return reading.from(member.target);
            } catch (IOException | RuntimeException e) {
                failures.add(e);
            }
        }
        throw Failures.of(name, failures);
    }

    static byte[] readAll(BackupTarget target, String name, int limit) throws IOException {
        long size = target.stat(name).orElseThrow(() -> new NoSuchFileException(name));
        if (size > limit) {
            throw new DamagedException(name + " has " + size + " bytes; at most " + limit + " are read");
        }
        byte[] bytes = new byte[(int) size];
        if (target.get(name, 0, ByteBuffer.wrap(bytes)) != size) {
            throw new DamagedException(name + " is shorter than it was a moment ago");
        }
        return bytes;
    }

    /** Shows the objects of a folder on all targets: one that lies on several is shown for each. */
    void list(String folder, Consumer<Stored> each) throws IOException {
        Optional<IOException> why = Optional.empty();
        int listed = 0;
        for (Member member : inOrder()) {
            try {
                member.target.list(folder, each);
                listed++;
            } catch (IOException e) {
                why = Optional.of(e);
            }
        }
        if (listed == 0) {
            throw why.orElseGet(() -> new IOException("There is no target."));
        }
    }

    /** Deletes an object from all targets. @throws IOException when one did not, after all were asked */
    void delete(String name) throws IOException {
        Optional<IOException> why = Optional.empty();
        for (Member member : members) {
            try {
                member.target.delete(name);
            } catch (IOException e) {
                if (member.behind.isEmpty()) {
                    why = Optional.of(e);
                }
            }
        }
        if (why.isPresent()) {
            throw why.get();
        }
    }

    /** Lets go of the threads. The targets are not closed. */
    @Override
    public synchronized void close() {
        members.forEach(member -> member.courier.close());
        members.clear();
    }
}
