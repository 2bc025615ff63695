package org.ashlar.vfs;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One {@link Volume} for each drive, as long as anyone uses it; those used last are remembered with what was measured. So
 * asking for drives that are not there, or no more, fills no memory. Any thread.
 */
final class Volumes {
    /** Most that are remembered while nobody uses them; those used longest ago are measured again. */
    static final int REMEMBERED = 1024;

    private final Function<DrivePath, Volume> maker;
    /** Guarded by this: all that anyone may be using. */
    private final Map<DrivePath, Reference> all = new HashMap<>();
    private final ReferenceQueue<Volume> unused = new ReferenceQueue<>();
    /** Guarded by this; the one used longest ago first. */
    private final Map<DrivePath, Volume> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DrivePath, Volume> eldest) {
            return size() > REMEMBERED;
        }
    };

    private static final class Reference extends WeakReference<Volume> {
        private final DrivePath drive;

        Reference(DrivePath drive, Volume volume, ReferenceQueue<Volume> queue) {
            super(volume, queue);
            this.drive = drive;
        }
    }

    Volumes(Function<DrivePath, Volume> maker) {
        this.maker = maker;
    }

    synchronized Volume of(DrivePath drive) {
        Volume volume = remembered.get(drive);
        if (volume == null) {
            Reference known = all.get(drive);
            volume = known == null ? null : known.get();
            if (volume == null) {
                volume = maker.apply(drive);
                all.put(drive, new Reference(drive, volume, unused));
            }
            remembered.put(drive, volume);
            forgetUnused();
        }
        return volume;
    }

    private void forgetUnused() {
        for (Object gone = unused.poll(); gone != null; gone = unused.poll()) {
            all.remove(((Reference) gone).drive, gone);
        }
    }

    synchronized int remembered() {
        return remembered.size();
    }
}
