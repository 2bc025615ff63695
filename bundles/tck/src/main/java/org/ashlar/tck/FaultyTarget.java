package org.ashlar.tck;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;

/** A target that does what a test says before, after or instead of what it is asked: it fails, stalls, lies. */
public final class FaultyTarget implements BackupTarget {
    /** What may happen. Each method is asked before the real target is; what it does not override does no harm. */
    public interface Faults {
        /** Called with {@code put}, {@code get}, {@code list}, {@code delete} or {@code stat}, and the name. Throws, waits, or returns. */
        default void before(String call, String name) throws IOException { }

        /** Called when it has had its effect; throws, and the caller cannot know. */
        default void after(String call, String name) throws IOException { }

        /** Whether to say that an object is stored, and not to store it. */
        default boolean liesAbout(String name) {
            return false;
        }
    }

    private final BackupTarget target;
    private volatile Faults faults;

    public FaultyTarget(BackupTarget target, Faults faults) {
        this.target = target;
        this.faults = faults;
    }

    /** From now on other things happen. */
    public void set(Faults other) {
        faults = other;
    }

    /** From now on all goes well. */
    public void heal() {
        faults = new Faults() { };
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        Faults now = faults;
        now.before("put", name);
        boolean stored = now.liesAbout(name) || target.put(name, content);
        now.after("put", name);
        return stored;
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        Faults now = faults;
        now.before("get", name);
        int read = target.get(name, offset, into);
        now.after("get", name);
        return read;
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        Faults now = faults;
        now.before("list", folder);
        target.list(folder, each);
        now.after("list", folder);
    }

    @Override
    public boolean delete(String name) throws IOException {
        Faults now = faults;
        now.before("delete", name);
        boolean was = target.delete(name);
        now.after("delete", name);
        return was;
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        Faults now = faults;
        now.before("stat", name);
        OptionalLong size = target.stat(name);
        now.after("stat", name);
        return size;
    }

    @Override
    public void close() {
        target.close();
    }
}
