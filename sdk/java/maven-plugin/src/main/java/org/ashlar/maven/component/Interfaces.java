package org.ashlar.maven.component;

import static org.ashlar.maven.component.ValueType.Labelled.bare;
import static org.ashlar.maven.component.ValueType.Labelled.of;
import static org.ashlar.maven.component.ValueType.Primitive.BOOL;
import static org.ashlar.maven.component.ValueType.Primitive.STRING;
import static org.ashlar.maven.component.ValueType.Primitive.U32;
import static org.ashlar.maven.component.ValueType.Primitive.U64;
import static org.ashlar.maven.component.ValueType.Primitive.U8;
import static org.ashlar.maven.component.ValueType.list;
import static org.ashlar.maven.component.ValueType.named;
import static org.ashlar.maven.component.ValueType.option;
import static org.ashlar.maven.component.ValueType.result;
import static org.ashlar.maven.component.ValueType.tuple;

/** The interfaces that a process in Java may import. */
final class Interfaces {

    private static final ValueType BYTES = list(U8);
    private static final ValueType CONTEXT = option(named("context"));
    private static final ValueType BLOB = option(named("lazy-load-blob"));
    private static final ValueType CAPABILITIES = list(named("capability"));
    private static final ValueType DELIVERED = tuple(named("address"), named("message"));

    private Interfaces() {
    }

    /** {@code standard} of the given package; {@code sdk/wit} has it in WIT, and a test compares the two. */
    static InterfaceType standard(World world) {
        InterfaceType standard = new InterfaceType(world.packageName() + "/standard@" + World.VERSION);
        addIdentifiers(standard);
        addMessages(standard);
        addFunctionsOfAProcess(standard);
        addFunctionsOfMessages(standard);
        return standard;
    }

    private static void addIdentifiers(InterfaceType standard) {
        standard.alias("json", STRING)
                .alias("node-id", STRING)
                .alias("context", BYTES)
                .record("process-id", of("process-name", STRING), of("package-name", STRING),
                        of("publisher-node", named("node-id")))
                .record("package-id", of("package-name", STRING), of("publisher-node", named("node-id")))
                .record("address", of("node", named("node-id")), of("process", named("process-id")));
    }

    private static void addMessages(InterfaceType standard) {
        standard.record("lazy-load-blob", of("mime", option(STRING)), of("bytes", BYTES))
                .record("capability", of("issuer", named("address")), of("params", named("json")))
                .record("request", of("inherit", BOOL), of("expects-response", option(U64)), of("body", BYTES),
                        of("metadata", option(named("json"))), of("capabilities", CAPABILITIES))
                .record("response", of("inherit", BOOL), of("body", BYTES), of("metadata", option(named("json"))),
                        of("capabilities", CAPABILITIES))
                .variant("message", of("request", named("request")),
                        of("response", tuple(named("response"), CONTEXT)))
                .variant("on-exit", bare("none"), bare("restart"),
                        of("requests", list(tuple(named("address"), named("request"), BLOB))))
                .enumeration("send-error-kind", "offline", "timeout")
                .record("send-error", of("kind", named("send-error-kind")), of("target", named("address")),
                        of("message", named("message")), of("lazy-load-blob", BLOB))
                .enumeration("spawn-error", "name-taken", "no-file-at-path");
    }

    private static void addFunctionsOfAProcess(InterfaceType standard) {
        standard.function("print-to-terminal", of("verbosity", U8), of("message", STRING))
                .function("our", named("address"))
                .function("get-on-exit", named("on-exit"))
                .function("set-on-exit", of("on-exit", named("on-exit")))
                .function("get-state", option(BYTES))
                .function("set-state", of("bytes", BYTES))
                .function("clear-state")
                .function("spawn", result(named("process-id"), named("spawn-error")),
                        of("name", option(STRING)), of("wasm-path", STRING), of("on-exit", named("on-exit")),
                        of("request-capabilities", CAPABILITIES),
                        of("grant-capabilities", list(tuple(named("process-id"), named("json")))), of("public", BOOL))
                .function("save-capabilities", of("caps", CAPABILITIES))
                .function("drop-capabilities", of("caps", CAPABILITIES))
                .function("our-capabilities", CAPABILITIES);
    }

    private static void addFunctionsOfMessages(InterfaceType standard) {
        standard.function("receive", result(DELIVERED, tuple(named("send-error"), CONTEXT)))
                .function("has-blob", BOOL)
                .function("get-blob", BLOB)
                .function("last-blob", BLOB)
                .function("send-request", of("target", named("address")), of("request", named("request")),
                        of("context", CONTEXT), of("lazy-load-blob", BLOB))
                .function("send-requests",
                        of("requests", list(tuple(named("address"), named("request"), CONTEXT, BLOB))))
                .function("send-response", of("response", named("response")), of("lazy-load-blob", BLOB))
                .function("send-and-await-response", result(DELIVERED, named("send-error")),
                        of("target", named("address")), of("request", named("request")), of("lazy-load-blob", BLOB));
    }

    /** {@code wasi:clocks/wall-clock}, as far as it is used. */
    static InterfaceType wallClock() {
        return new InterfaceType("wasi:clocks/wall-clock@0.2.0")
                .record("datetime", of("seconds", U64), of("nanoseconds", U32))
                .function("now", named("datetime"));
    }

    /** {@code wasi:random/random}, as far as it is used. */
    static InterfaceType random() {
        return new InterfaceType("wasi:random/random@0.2.0")
                .function("get-random-u64", U64);
    }
}
