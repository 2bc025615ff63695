package org.ashlar.guest;

import java.lang.ref.WeakReference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestException.Phase;
import org.ashlar.api.service.Providers;

/**
 * The programs in use, found by the digest of their bytes and by engine; one that no process holds is forgotten. Says also
 * which engine a component is for: the first, in order of preference, that can run it.
 */
final class Programs {
    /** Most failures that are remembered; beyond that all are forgotten, and what failed is tried again. */
    static final int MAX_FAILURES = 1_024;

    private record Key(String digest, Engine engine) { }

    private final Providers<Engine> engines;
    private final ProgramLoader loader;
    private final Map<Key, WeakReference<ComponentProgram>> known = new ConcurrentHashMap<>();
    /** Of arrays that were loaded: they are not modified, and the kernel gives the same one for all equal components. */
    private final Map<byte[], String> digests = Collections.synchronizedMap(new WeakHashMap<>());
    /** Why an engine does not run a component that another one runs. */
    private final Map<Key, String> failures = new ConcurrentHashMap<>();

    Programs(Providers<Engine> engines, ProgramLoader loader) {
        this.engines = engines;
        this.loader = loader;
    }

    /** @param wanted name of an engine that comes before all others, if it is there */
    ComponentProgram load(byte[] component, Optional<String> wanted) throws GuestException {
        String digest = digest(component);
        Map<Key, GuestException> refused = new LinkedHashMap<>();
        for (Engine engine : able(digest, wanted)) {
            Key key = new Key(digest, engine);
            try (Providers.Lease<Engine> lease = engines.lease(engine).orElse(null)) {
                if (lease != null) {
                    ComponentProgram program = get(key, component);
                    refused.forEach(this::note);
                    return program;
                }
            } catch (GuestException e) {
                refused.put(key, e);
            } catch (RuntimeException | Error e) {
                if (!engine.failed(e)) {
                    throw e;
                }
            }
        }
        throw refused.values().stream().findFirst().orElseGet(() -> new GuestException(Phase.ABSENT,
                "no Wasm engine is running; deploy one, such as engine-chicory, and try again", null));
    }

    /** What {@link #load} would give, if that very array was loaded before and the program is in use. */
    Optional<ComponentProgram> loaded(byte[] component, Optional<String> wanted) {
        return Optional.ofNullable(digests.get(component))
                .flatMap(digest -> able(digest, wanted).stream().findFirst().map(engine -> new Key(digest, engine)))
                .map(known::get).map(WeakReference::get).filter(ComponentProgram::isThere);
    }

    /** Two that ask for the same at once both compute it. */
    private String digest(byte[] component) {
        String known = digests.get(component);
        if (known == null) {
            known = sha256(component);
            digests.put(component, known);
        }
        return known;
    }

    private ComponentProgram get(Key key, byte[] component) throws GuestException {
        WeakReference<ComponentProgram> reference = known.get(key);
        ComponentProgram program = reference == null ? null : reference.get();
        if (program == null) {
            // two that load the same at once both do; the engine compiles the modules inside only once
            program = loader.load(component, key.digest, key.engine, this);
            known.values().removeIf(each -> each.get() == null);
            known.put(key, new WeakReference<>(program));
        }
        return program;
    }

    private void note(Key key, GuestException failure) {
        if (failures.size() >= MAX_FAILURES) {
            failures.clear();
        }
        if (key.engine.isThere()) {
            failures.put(key, key.engine.name() + ": " + failure.getMessage());
        }
    }

    /** Whether that component would run on that engine now. */
    boolean isFor(String digest, Engine engine, Optional<String> wanted) {
        return able(digest, wanted).stream().findFirst().filter(first -> first == engine).isPresent();
    }

    /** Why an engine that is there does not run that component. */
    Optional<String> failure(String digest) {
        return engines.all().stream().map(engine -> failures.get(new Key(digest, engine)))
                .filter(Objects::nonNull).findFirst();
    }

    /** The engines to try, best first. */
    private List<Engine> able(String digest, Optional<String> wanted) {
        List<Engine> able = new ArrayList<>(engines.all());
        able.removeIf(engine -> failures.containsKey(new Key(digest, engine)));
        able.sort(Comparator.comparing(engine -> !wanted.equals(Optional.of(engine.name())))); // stable
        return able;
    }

    /** Lets go of what a departed engine compiled. */
    void forget(Engine engine) {
        known.keySet().removeIf(key -> key.engine() == engine);
        failures.keySet().removeIf(key -> key.engine() == engine);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
