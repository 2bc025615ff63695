package org.ashlar.chicory;

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
 */
final class ModuleStore {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleStore.class);
    /** Of the digest in class names, in characters. */
    private static final int LABEL = 12;

    private final Optional<CodeCache> cache;
    private final String environment;
    private final Map<String, SoftReference<ChicoryModule>> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<ChicoryModule>> running = new ConcurrentHashMap<>();

    /** @param environment names everything, besides the module, that the compiled code depends on */
    ModuleStore(Optional<CodeCache> cache, String environment) {
        this.cache = cache;
        this.environment = environment;
    }

    /** @throws WasmException when it is no valid module */
    ChicoryModule get(byte[] module) {
        String digest = HexFormat.of().formatHex(Digests.sha256(module));
        return inMemory(digest).orElseGet(() -> makeOnce(digest, module));
    }

    private Optional<ChicoryModule> inMemory(String digest) {
        return Optional.ofNullable(known.get(digest)).map(SoftReference::get);
    }

    private ChicoryModule makeOnce(String digest, byte[] module) {
        CompletableFuture<ChicoryModule> mine = new CompletableFuture<>();
        CompletableFuture<ChicoryModule> theirs = running.putIfAbsent(digest, mine);
        if (theirs != null) {
            return theirs.handle(ModuleStore::resultOf).join().get();
        }
        try {
            // between the look into memory and here another thread may have finished it
            ChicoryModule made = inMemory(digest).orElseGet(() -> make(digest, module));
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

    private static Supplier<ChicoryModule> resultOf(ChicoryModule made, Throwable failure) {
        return () -> {
            if (failure != null) {
                throw new WasmException(failure.getMessage(), failure);
            }
            return made;
        };
    }

    private ChicoryModule make(String digest, byte[] module) {
        String key = digest + " " + environment;
        Optional<CompiledCode> kept = cache.flatMap(each -> each.get(key));
        if (kept.isPresent()) {
            return load(digest, module, kept.get());
        }
        long start = System.nanoTime();
        CompiledCode code = ModuleCompiler.compile(module, "M" + digest.substring(0, LABEL));
        ChicoryModule made = load(digest, module, code);
        LOG.debug("compiled module {}, {} bytes, in {} ms", digest, module.length, (System.nanoTime() - start) / 1_000_000);
        cache.ifPresent(each -> each.put(key, code));
        return made;
    }

    private static ChicoryModule load(String digest, byte[] module, CompiledCode code) {
        if (!code.interpreted().isEmpty()) {
            LOG.warn("module {}: too large for a method of the JVM, and therefore interpreted (some 400 times slower): {}",
                    digest.substring(0, LABEL), String.join(", ", code.interpreted().values()));
        }
        CodeLoader loader = new CodeLoader(code);
        loader.verify();
        return new ChicoryModule(ModuleCompiler.declarations(module, code), loader,
                code.interpreted().values().stream().toList());
    }
}
