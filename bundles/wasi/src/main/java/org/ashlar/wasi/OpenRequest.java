package org.ashlar.wasi;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * How a guest wants something opened.
 *
 * @param openFlags       {@code open-flags}
 * @param descriptorFlags {@code descriptor-flags}
 */
record OpenRequest(boolean followLink, long openFlags, long descriptorFlags) {
    private static final long CREATE = 1;
    private static final long DIRECTORY = 1 << 1;
    private static final long EXCLUSIVE = 1 << 2;
    private static final long TRUNCATE = 1 << 3;

    boolean create() {
        return (openFlags & CREATE) != 0;
    }

    boolean directory() {
        return (openFlags & DIRECTORY) != 0;
    }

    /** Whether it must not be there yet. */
    boolean exclusive() {
        return create() && (openFlags & EXCLUSIVE) != 0;
    }

    boolean truncate() {
        return (openFlags & TRUNCATE) != 0;
    }

    /** Whether only a file can be meant. */
    boolean writes() {
        return create() || truncate() || (descriptorFlags & Descriptor.WRITE) != 0;
    }

    /** What the descriptor of a file may do: reading, when nothing is said. */
    long fileFlags() {
        long flags = descriptorFlags & ~Descriptor.MUTATE_DIRECTORY;
        return (flags & (Descriptor.READ | Descriptor.WRITE)) == 0 ? flags | Descriptor.READ : flags;
    }

    /** @param createNew whether it is not there yet */
    Set<OpenOption> options(boolean createNew) {
        // Last line of defence: whatever the walk found, the host itself follows no link at the end.
        Set<OpenOption> options = new HashSet<>(Set.of(LinkOption.NOFOLLOW_LINKS));
        if ((fileFlags() & Descriptor.READ) != 0) {
            options.add(StandardOpenOption.READ);
        }
        if (writes()) {
            options.add(StandardOpenOption.WRITE);
        }
        if (createNew) {
            options.add(StandardOpenOption.CREATE_NEW);
        } else if (truncate()) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        if ((descriptorFlags & Descriptor.FILE_INTEGRITY_SYNC) != 0) {
            options.add(StandardOpenOption.SYNC);
        } else if ((descriptorFlags & Descriptor.DATA_INTEGRITY_SYNC) != 0) {
            options.add(StandardOpenOption.DSYNC);
        }
        return options;
    }
}
