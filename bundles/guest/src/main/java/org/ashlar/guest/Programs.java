package org.ashlar.guest;

import java.lang.ref.WeakReference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.process.GuestException;

/** The programs in use, found by the digest of their bytes and by engine; one that no process holds is forgotten. */
final class Programs {
    private record Key(String digest, Engine engine) { }

    private final ProgramLoader loader;
    private final Map<Key, WeakReference<ComponentProgram>> known = new ConcurrentHashMap<>();

    Programs(ProgramLoader loader) {
        this.loader = loader;
    }

    ComponentProgram get(byte[] component, Engine engine) throws GuestException {
        Key key = new Key(sha256(component), engine);
        WeakReference<ComponentProgram> reference = known.get(key);
        ComponentProgram program = reference == null ? null : reference.get();
        if (program == null) {
            // two that load the same at once both do; the engine compiles the modules inside only once
            program = loader.load(component, engine);
            known.values().removeIf(each -> each.get() == null);
            known.put(key, new WeakReference<>(program));
        }
        return program;
    }

    /** Lets go of what a departed engine compiled. */
    void forget(Engine engine) {
        known.keySet().removeIf(key -> key.engine() == engine);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
