package org.ashlar.api.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One moment of a node: all its {@link Snapshotable} parts, cut at the same instant.
 * <p>
 * Each part comes to rest on a thread of its own and waits there; when all do, that is the moment, and each remembers what
 * it has and goes on. A commit that comes meanwhile waits. If some part is not at rest within
 * {@value Snapshotable#CUT_MILLIS} ms, or fails, the others go on at once and there is no snapshot: the node never waits
 * longer than that for a part that hangs.
 */
public final class Snapshot implements AutoCloseable {
    /** How long parts that are at rest may take to remember what they have, and those of a failed snapshot to let go. */
    private static final long SETTLE_SECONDS = 5;

    private final List<Snapshotable> parts;

    private Snapshot(List<Snapshotable> parts) {
        this.parts = parts;
    }

    /**
     * Cuts {@code parts} at one moment. Blocks while they are prepared, which may take long and holds up nobody.
     *
     * @throws IOException when there is no snapshot, with the part that is to blame; nothing is held. A part that was only
     *                     busy is worth another try
     */
    public static Snapshot take(Collection<? extends Snapshotable> parts) throws IOException {
        List<Snapshotable> ordered = new ArrayList<>(parts);
        ordered.sort(Comparator.comparingInt(Snapshotable::layer).reversed().thenComparing(Snapshotable::name));
        Set<String> names = new HashSet<>();
        for (Snapshotable part : ordered) {
            if (!names.add(part.name())) {
                throw new IOException("Two parts of the node are called " + part.name() + ", as while one is being replaced;"
                        + " try again when that is over.");
            }
        }
        prepare(ordered);
        cut(ordered);
        return new Snapshot(List.copyOf(ordered));
    }

    private static void prepare(List<Snapshotable> parts) throws IOException {
        List<Snapshotable> prepared = new ArrayList<>();
        boolean complete = false;
        try {
            for (Snapshotable part : parts) {
                part.prepare();
                prepared.add(part);
            }
            complete = true;
        } catch (IllegalStateException e) {
            throw new IOException("No snapshot was begun: " + e.getMessage() + '.', e);
        } finally {
            if (!complete) {
                prepared.forEach(Snapshotable::release);
            }
        }
    }

    private static void cut(List<Snapshotable> parts) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Snapshotable.CUT_MILLIS);
        CompletableFuture<Void> moment = new CompletableFuture<>();
        List<Arrival> arrivals = new ArrayList<>();
        boolean complete = false;
        try {
            int settled = 0;
            for (int i = 0; i < parts.size(); i++) {
                arrivals.add(new Arrival(parts.get(i), moment));
                boolean lastOfLayer = i + 1 == parts.size() || parts.get(i + 1).layer() != parts.get(i).layer();
                for (; lastOfLayer && settled < arrivals.size(); settled++) {
                    arrivals.get(settled).awaitRest(deadline);
                }
            }
            moment.complete(null);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
            for (Arrival arrival : arrivals) {
                arrival.awaitCut(end);
            }
            complete = true;
        } finally {
            if (!complete) {
                moment.completeExceptionally(new IOException("another part of the node did not come to rest"));
                arrivals.forEach(Arrival::giveUp);
                // Those that were never asked for their cut are prepared.
                parts.subList(arrivals.size(), parts.size()).forEach(Snapshotable::release);
            }
        }
    }

    /** The parts; each may be opened until this snapshot is closed. */
    public List<Snapshotable> parts() {
        return parts;
    }

    /** Lets go of the moment. */
    @Override
    public void close() {
        parts.forEach(Snapshotable::release);
    }

    /** A part on its way to its cut, on a thread of its own: it may hang there without holding up anybody else. */
    private static final class Arrival {
        private final Snapshotable part;
        private final CompletableFuture<Void> rest = new CompletableFuture<>();
        private final CompletableFuture<Void> cut = new CompletableFuture<>();

        Arrival(Snapshotable part, CompletableFuture<Void> moment) {
            this.part = part;
            Thread.ofPlatform().daemon().name("snapshot-" + part.name()).start(() -> run(moment));
        }

        private void run(CompletableFuture<Void> moment) {
            try {
                part.cut(() -> {
                    rest.complete(null);
                    awaitMoment(moment);
                });
                if (rest.complete(null)) {
                    throw new IOException("it did not wait for the moment");
                }
                cut.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                rest.completeExceptionally(e);
                cut.completeExceptionally(e);
            }
        }

        private static void awaitMoment(CompletableFuture<Void> moment) throws IOException {
            try {
                moment.join();
            } catch (CompletionException e) {
                throw new IOException(e.getCause().getMessage(), e);
            }
        }

        void awaitRest(long deadline) throws IOException {
            await(rest, deadline, "it did not come to rest within " + Snapshotable.CUT_MILLIS + " ms; try again");
        }

        void awaitCut(long deadline) throws IOException {
            await(cut, deadline, "it was at rest, but did not say within " + SETTLE_SECONDS + " s what it holds");
        }

        private void await(CompletableFuture<Void> future, long deadline, String late) throws IOException {
            try {
                future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | CancellationException e) {
                throw failure(e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
            } catch (TimeoutException e) {
                throw failure(late, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure("the wait for it was interrupted", e);
            }
        }

        private IOException failure(String why, Exception cause) {
            return new IOException("There is no snapshot, because of " + part.name() + ": " + why, cause);
        }

        /** Lets go of its cut, if it comes to one after all; waits for that as long as it is likely to come. */
        void giveUp() {
            CompletableFuture<Void> released = cut.handle((done, failure) -> {
                part.release();
                return null;
            });
            try {
                released.get(Snapshotable.CUT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                // It hangs: its thread releases it when it no longer does. Until then it refuses to be prepared.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
