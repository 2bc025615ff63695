package org.ashlar.wasm;

import java.lang.ref.SoftReference;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.ashlar.api.wasm.WasmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a module by the digest of its bytes: among those in memory, then in the cache, and compiles it otherwise. The
 * same module is compiled once, however many ask at the same time.
 *
 * @param <M> the engine's module, compiled
 */
public final class ModuleStore<M> {
    /**
     * The engine's part. Stateless; called on any thread. It works on untrusted bytes and recurses: what it throws besides
     * {@link WasmException} reaches who asked for the module as one, with one clear line.
     */
    public interface Compiler<M> {
        /**
         * @param label part of class names, for people who read a stack trace
         * @throws WasmException when the module is not valid, or uses what the engine lacks
         */
        CompiledCode compile(byte[] module, String label);

        /** @param code what {@link #compile} made of the same module, now or in an earlier life */
        M load(byte[] module, CompiledCode code);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ModuleStore.class);
    /** Of the digest in class names, in characters. */
    private static final int LABEL = 12;

    private final Compiler<M> compiler;
    private final Optional<CodeCache> cache;
    private final String environment;
    private final int limit;
    private final Map<String, SoftReference<M>> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<M>> running = new ConcurrentHashMap<>();

    /**
     * @param environment names everything, besides the module, that the compiled code depends on
     * @param limit       the largest module that is compiled, in bytes
     */
    public ModuleStore(Compiler<M> compiler, Optional<CodeCache> cache, String environment, int limit) {
        this.compiler = compiler;
        this.cache = cache;
        this.environment = environment;
        this.limit = limit;
    }

    /** @throws WasmException when it is no valid module, or larger than the limit */
    public M get(byte[] module) {
        if (module.length > limit) {
            throw new WasmException("the module has " + module.length + " bytes; this engine compiles up to " + limit
                    + " (module.limit in its configuration)");
        }
        String digest = HexFormat.of().formatHex(Digests.sha256(module));
        return inMemory(digest).orElseGet(() -> makeOnce(digest, module));
    }

    private Optional<M> inMemory(String digest) {
        return Optional.ofNullable(known.get(digest)).map(SoftReference::get);
    }

    private M makeOnce(String digest, byte[] module) {
        CompletableFuture<M> mine = new CompletableFuture<>();
        CompletableFuture<M> theirs = running.putIfAbsent(digest, mine);
        if (theirs != null) {
            return theirs.handle(ModuleStore::<M>resultOf).join().get();
        }
        try {
            // between the look into memory and here another thread may have finished it
            M made = inMemory(digest).orElseGet(() -> make(digest, module));
            known.values().removeIf(each -> each.get() == null);
            known.put(digest, new SoftReference<>(made));
            mine.complete(made);
            return made;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(digest, mine);
        }
    }

    private static <M> Supplier<M> resultOf(M made, Throwable failure) {
        return () -> {
            if (failure != null) {
                throw new WasmException(failure.getMessage(), failure);
            }
            return made;
        };
    }

    private M make(String digest, byte[] module) {
        String key = digest + " " + environment;
        Optional<CompiledCode> kept = cache.flatMap(each -> each.get(key));
        if (kept.isPresent()) {
            return load(digest, module, kept.get());
        }
        long start = System.nanoTime();
        CompiledCode code = guarded(() -> compiler.compile(module, "M" + digest.substring(0, LABEL)));
        M made = load(digest, module, code);
        LOG.debug("compiled module {}, {} bytes, in {} ms", digest, module.length, (System.nanoTime() - start) / 1_000_000);
        cache.ifPresent(each -> each.put(key, code));
        return made;
    }

    private M load(String digest, byte[] module, CompiledCode code) {
        if (!code.interpreted().isEmpty()) {
            LOG.warn("module {}: too large for a method of the JVM, and therefore interpreted (some 400 times slower): {}",
                    digest.substring(0, LABEL), String.join(", ", code.interpreted().values()));
        }
        return guarded(() -> compiler.load(module, code));
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (WasmException e) {
            throw e;
        } catch (StackOverflowError e) {
            throw new WasmException("the module nests more deeply than the compiler can follow", e);
        } catch (OutOfMemoryError e) {
            throw new WasmException("the heap has no room to compile the module", e);
        } catch (RuntimeException | AssertionError e) {
            throw new WasmException("the module cannot be compiled: " + Lines.first(String.valueOf(e)), e);
        }
    }
}
