package org.ashlar.repository;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * How a repository is worked with.
 *
 * @param scratch  a folder for what is of no use later: the index while it is in use, 48 bytes a blob
 * @param hostname and {@code username}: what snapshots and keys say of their maker
 * @param workers  threads that hash, compress and seal
 * @param packSize what packs aim at, in bytes
 * @param cost     of passwords that are added
 */
public record Options(Path scratch, String hostname, String username, Clock clock, SecureRandom random, int workers, int packSize,
        PasswordCost cost) {
    /** What packs aim at where there is memory for it: restic's default. */
    public static final int PACK_SIZE = 16 << 20;
    /** The least that restic makes by itself. */
    private static final int LEAST_PACK_SIZE = 4 << 20;
    /** A run has up to three packs in memory, and one of them twice while it grows; the index needs most of a small heap. */
    private static final int PACKS_IN_HEAP = 32;
    /** What this machine calls itself: in locks, whose holder's process number means something here alone. */
    static final String MACHINE = machine();
    private static final int MAX_WORKERS = 64;

    /** What a guess of a password costs. */
    public enum PasswordCost {
        /** 32 MiB and about half a second: for passwords of people. */
        STRONG(KeyFile.Cost.STRONG),
        /** Next to nothing: for tests. */
        NONE(new KeyFile.Cost(16, 1, 1));

        final KeyFile.Cost scrypt;

        PasswordCost(KeyFile.Cost scrypt) {
            this.scrypt = scrypt;
        }
    }

    public Options {
        if (workers < 1 || workers > MAX_WORKERS || packSize < 1 << 16 || packSize > 128 << 20) {
            throw new IllegalArgumentException(workers + " workers, packs of " + packSize + " bytes");
        }
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** For this machine and user. */
    public static Options here(Path scratch) {
        return new Options(scratch, MACHINE, System.getProperty("user.name", ""), Clock.systemUTC(), new SecureRandom(),
                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_WORKERS), packSize(Runtime.getRuntime().maxMemory()), PasswordCost.STRONG);
    }

    private static int packSize(long heap) {
        return Math.clamp(heap / PACKS_IN_HEAP, LEAST_PACK_SIZE, PACK_SIZE);
    }

    public Options withCost(PasswordCost other) {
        return new Options(scratch, hostname, username, clock, random, workers, packSize, other);
    }

    public Options withClock(Clock other) {
        return new Options(scratch, hostname, username, other, random, workers, packSize, cost);
    }

    public Options withHostname(String other) {
        return new Options(scratch, other, username, clock, random, workers, packSize, cost);
    }

    public Options withPackSize(int other) {
        return new Options(scratch, hostname, username, clock, random, workers, other, cost);
    }

    public Options withWorkers(int other) {
        return new Options(scratch, hostname, username, clock, random, other, packSize, cost);
    }

    Stamp now() {
        return Stamp.of(clock.instant());
    }
}
