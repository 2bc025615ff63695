package org.ashlar.component;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.ResourceType;

/**
 * The signatures of one component's functions, in one string encoding. Each is made when its function is first called: a
 * component imports many functions that it never calls.
 */
final class Signatures {
    private final Map<ResourceType, Integer> slots;
    private final StringEncoding encoding;
    private final AtomicInteger classes;
    /** As many as hosts with shapes of their own that the component was linked to: one or two. */
    private final Map<Shapes, CodecCompiler> compilers = new HashMap<>();

    /** @param classes how many classes may still be generated for the whole component */
    Signatures(Map<ResourceType, Integer> slots, StringEncoding encoding, AtomicInteger classes) {
        this.slots = slots;
        this.encoding = encoding;
        this.classes = classes;
    }

    /** What gives the signature of a function in the shapes of its host. Any thread may call it. */
    Function<Shapes, Signature> of(FuncType type) {
        return new Lazy(type);
    }

    private synchronized Signature make(FuncType type, Shapes shapes) {
        return new Signature(type, compilers.computeIfAbsent(shapes, each -> new CodecCompiler(slots, encoding, each, classes)));
    }

    private final class Lazy implements Function<Shapes, Signature> {
        private record Made(Shapes shapes, Signature signature) { }

        private final FuncType type;
        /** The last: it is the only one, but for components that are linked to several hosts. */
        private volatile Made made;

        private Lazy(FuncType type) {
            this.type = type;
        }

        @Override
        public Signature apply(Shapes shapes) {
            Made last = made;
            if (last == null || last.shapes != shapes) {
                last = new Made(shapes, make(type, shapes));
                made = last;
            }
            return last.signature;
        }
    }
}
