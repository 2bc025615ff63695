package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ashlar.files.Durable;

/**
 * What brings a replaced drive back, also after a crash: a folder with the record {@code target}, two lines (the drive,
 * relative to {@code vfs}; whether there was one), and {@code old}, the former drive.
 * <p>
 * The record is complete before anything moves, and its folder disappears in one step, by being moved to where leftovers
 * are deleted. So while it is there, undoing is right: {@code old} present means the drive was moved; absent although there
 * was a drive means it was not moved yet, or is back already.
 */
final class Undo {
    private static final String RECORD = "target";
    private static final String OLD = "old";
    private static final String WAS_THERE = "was there";
    private static final String WAS_NOT = "was not there";

    private final Path record;
    private final Path drive;
    private final Path discarded;
    private final Trees trees;
    private final boolean wasThere;

    private Undo(Path record, Path drive, Path discarded, Trees trees, boolean wasThere) {
        this.record = record;
        this.drive = drive;
        this.discarded = discarded;
        this.trees = trees;
        this.wasThere = wasThere;
    }

    /**
     * Writes the record for a drive that is about to be replaced.
     *
     * @param pending   where records lie
     * @param discarded where to put what is to be deleted
     */
    static Undo prepare(Path vfs, Path drive, Path pending, Path discarded, Trees trees) throws IOException {
        boolean wasThere = Files.exists(drive, NOFOLLOW_LINKS);
        Path draft = Files.createTempDirectory(discarded, "undo");
        String text = vfs.relativize(drive) + "\n" + (wasThere ? WAS_THERE : WAS_NOT) + "\n";
        Durable.write(draft.resolve(RECORD), text.getBytes(UTF_8));
        Path record = pending.resolve(draft.getFileName());
        Durable.move(draft, record);
        return new Undo(record, drive, discarded, trees, wasThere);
    }

    /** Reads a record that a crash left. */
    static Undo read(Path vfs, Path record, Path discarded, Trees trees) throws IOException {
        List<String> lines = Files.readAllLines(record.resolve(RECORD), UTF_8);
        if (lines.size() != 2 || !List.of(WAS_THERE, WAS_NOT).contains(lines.get(1))) {
            throw new IOException("the record " + record.resolve(RECORD) + " is damaged");
        }
        DrivePath path = DrivePath.parse(lines.getFirst());
        Path drive = vfs.resolve(path.owner().toString()).resolve(path.drive());
        return new Undo(record, drive, discarded, trees, lines.get(1).equals(WAS_THERE));
    }

    Path drive() {
        return drive;
    }

    /** Moves the drive aside and {@code content} into its place. */
    void apply(Path content) throws IOException {
        trees.together(() -> {
            if (wasThere) {
                trees.move(drive, record.resolve(OLD));
            }
            trees.move(content, drive);
            return null;
        });
    }

    /** Forgets the former drive; from here on nothing undoes the replacement. */
    void keep() throws IOException {
        Path gone = discarded.resolve(record.getFileName());
        trees.move(record, gone);
        trees.delete(gone);
    }

    /** Brings the former drive back. May be repeated, also after a crash within it. */
    void undo() throws IOException {
        Path old = record.resolve(OLD);
        Path gone = Files.createTempDirectory(discarded, "undone");
        boolean replaced = wasThere ? Files.exists(old, NOFOLLOW_LINKS) : Files.exists(drive, NOFOLLOW_LINKS);
        trees.together(() -> {
            if (replaced && Files.exists(drive, NOFOLLOW_LINKS)) {
                trees.move(drive, gone.resolve("drive"));
            }
            if (replaced && wasThere) {
                trees.move(old, drive);
            }
            return null;
        });
        keep();
        trees.delete(gone);
    }
}
