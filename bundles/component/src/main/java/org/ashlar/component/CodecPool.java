package org.ashlar.component;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Shares codecs of equal types between components, so that a class is generated once for a type and not once for each
 * component. It keeps none alive: codecs go with the last component that uses them, and their classes with them.
 */
final class CodecPool {
    /** What a codec is made of; parts that are codecs count by identity, for they come from the pool themselves. */
    record Key(String kind, List<?> parts) { }

    private final Map<Key, WeakReference<Codec>> known = new ConcurrentHashMap<>();

    /** Any thread may call; two that ask for the same at once may get two equal ones. */
    Codec get(Key key, Supplier<Codec> maker) {
        WeakReference<Codec> reference = known.get(key);
        Codec codec = reference == null ? null : reference.get();
        if (codec == null) {
            codec = maker.get();
            known.values().removeIf(each -> each.get() == null);
            known.put(key, new WeakReference<>(codec));
        }
        return codec;
    }

    int size() {
        return known.size();
    }
}
