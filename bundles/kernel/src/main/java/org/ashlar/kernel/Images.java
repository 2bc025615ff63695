package org.ashlar.kernel;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** Keeps the bytes of equal components once: many processes run the same one. */
final class Images {
    private final Map<ByteBuffer, Image> known = new HashMap<>();
    /** The arrays in {@link #known}, which need no digest. */
    private final Set<byte[]> given = Collections.newSetFromMap(new WeakHashMap<>());
    private final ReferenceQueue<byte[]> gone = new ReferenceQueue<>();

    /** An array equal to {@code component}: the one given, or one given before that is still in use. Not to be modified. */
    byte[] shared(byte[] component) {
        synchronized (known) {
            if (given.contains(component)) {
                return component;
            }
        }
        ByteBuffer digest = ByteBuffer.wrap(sha256(component));
        synchronized (known) {
            for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
                known.remove(((Image) each).digest, each);
            }
            Image before = known.get(digest);
            byte[] shared = before == null ? null : before.get();
            if (shared == null) {
                known.put(digest, new Image(digest, component, gone));
                given.add(component);
                shared = component;
            }
            return shared;
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static final class Image extends WeakReference<byte[]> {
        final ByteBuffer digest;

        Image(ByteBuffer digest, byte[] bytes, ReferenceQueue<byte[]> gone) {
            super(bytes, gone);
            this.digest = digest;
        }
    }
}
