package org.ashlar.component;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;

import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.chicory.ChicoryEngine;
import org.osgi.framework.BundleContext;

/** A real engine, without a framework around it. */
final class TestEngine {
    static final WasmEngine CHICORY = new ChicoryEngine(noContext(), new Uncached());

    private TestEngine() {
    }

    private static BundleContext noContext() {
        return (BundleContext) Proxy.newProxyInstance(TestEngine.class.getClassLoader(), new Class<?>[] {BundleContext.class},
                (_, method, _) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @SuppressWarnings("ClassExplicitlyAnnotation")
    private static final class Uncached implements ChicoryEngine.Config {
        @Override
        public String cache() {
            return "";
        }

        @Override
        public long cache_limit() {
            return 0;
        }

        @Override
        public int module_limit() {
            return 64 << 20;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return ChicoryEngine.Config.class;
        }
    }
}
