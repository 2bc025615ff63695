package org.ashlar.guest;

import static org.ashlar.component.type.ValueType.Primitive.BOOL;
import static org.ashlar.component.type.ValueType.Primitive.STRING;
import static org.ashlar.component.type.ValueType.Primitive.U64;
import static org.ashlar.component.type.ValueType.Primitive.U8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.ValueType;

/**
 * The types of the guest world, {@code process:standard@1.0.0} (sdk/wit). A component brings its own declaration, and its
 * values come by that one: it must be this one before anything is cast.
 */
final class WorldTypes {
    private static final ValueType BYTES = list(U8);
    static final ValueType PROCESS_ID =
            record("process-name", STRING, "package-name", STRING, "publisher-node", STRING);
    static final ValueType ADDRESS = record("node", STRING, "process", PROCESS_ID);
    static final ValueType BLOB = record("mime", option(STRING), "bytes", BYTES);
    static final ValueType CAPABILITY = record("issuer", ADDRESS, "params", STRING);
    static final ValueType REQUEST = record("inherit", BOOL, "expects-response", option(U64), "body", BYTES,
            "metadata", option(STRING), "capabilities", list(CAPABILITY));
    static final ValueType RESPONSE = record("inherit", BOOL, "body", BYTES, "metadata", option(STRING),
            "capabilities", list(CAPABILITY));
    /** A Response and the context of its Request. */
    static final ValueType ANSWER = tuple(RESPONSE, option(BYTES));
    static final ValueType MESSAGE = new ValueType.Variant(List.of(
            new ValueType.Variant.Case("request", Optional.of(REQUEST)),
            new ValueType.Variant.Case("response", Optional.of(ANSWER))));
    /** A message and whom it is from. */
    static final ValueType ARRIVED = tuple(ADDRESS, MESSAGE);
    private static final ValueType ON_EXIT = new ValueType.Variant(List.of(
            new ValueType.Variant.Case("none", Optional.empty()),
            new ValueType.Variant.Case("restart", Optional.empty()),
            new ValueType.Variant.Case("requests", Optional.of(list(tuple(ADDRESS, REQUEST, option(BLOB)))))));
    static final ValueType SEND_ERROR = record("kind", new ValueType.Enum(List.of("offline", "timeout")),
            "target", ADDRESS, "message", MESSAGE, "lazy-load-blob", option(BLOB));
    /** A send error and the context of its Request. */
    static final ValueType FAILED = tuple(SEND_ERROR, option(BYTES));
    static final ValueType RECEIVED = result(ARRIVED, FAILED);
    static final ValueType AWAITED = result(ARRIVED, SEND_ERROR);
    private static final ValueType SPAWN_ERROR = new ValueType.Enum(List.of("name-taken", "no-file-at-path"));

    /** What each function takes and gives. */
    private static final Map<String, Signature> FUNCTIONS = Map.ofEntries(
            Map.entry("print-to-terminal", takes(U8, STRING)),
            Map.entry("our", gives(ADDRESS)),
            Map.entry("get-on-exit", gives(ON_EXIT)),
            Map.entry("set-on-exit", takes(ON_EXIT)),
            Map.entry("get-state", gives(option(BYTES))),
            Map.entry("set-state", takes(BYTES)),
            Map.entry("clear-state", takes()),
            Map.entry("spawn", takes(option(STRING), STRING, ON_EXIT, list(CAPABILITY), list(tuple(PROCESS_ID, STRING)), BOOL)
                    .giving(result(PROCESS_ID, SPAWN_ERROR))),
            Map.entry("save-capabilities", takes(list(CAPABILITY))),
            Map.entry("drop-capabilities", takes(list(CAPABILITY))),
            Map.entry("our-capabilities", gives(list(CAPABILITY))),
            Map.entry("receive", gives(RECEIVED)),
            Map.entry("has-blob", gives(BOOL)),
            Map.entry("get-blob", gives(option(BLOB))),
            Map.entry("last-blob", gives(option(BLOB))),
            Map.entry("send-request", takes(ADDRESS, REQUEST, option(BYTES), option(BLOB))),
            Map.entry("send-requests", takes(list(tuple(ADDRESS, REQUEST, option(BYTES), option(BLOB))))),
            Map.entry("send-response", takes(RESPONSE, option(BLOB))),
            Map.entry("send-and-await-response", takes(ADDRESS, REQUEST, option(BLOB))
                    .giving(AWAITED)));

    static final Signature INIT = takes(STRING);

    private WorldTypes() { }

    /** The signature of a function of the world; empty when the world has none of this name. */
    static Optional<Signature> function(String name) {
        return Optional.ofNullable(FUNCTIONS.get(name));
    }

    /** Parameters and result, without the names of parameters, which do not matter. */
    record Signature(List<ValueType> parameters, Optional<ValueType> result) {
        static Signature of(FuncType type) {
            return new Signature(type.parameters().stream().map(FuncType.Parameter::type).toList(), type.result());
        }

        Signature giving(ValueType type) {
            return new Signature(parameters, Optional.of(type));
        }
    }

    private static Signature takes(ValueType... parameters) {
        return new Signature(List.of(parameters), Optional.empty());
    }

    private static Signature gives(ValueType result) {
        return takes().giving(result);
    }

    private static ValueType list(ValueType element) {
        return new ValueType.ListOf(element, OptionalInt.empty());
    }

    private static ValueType option(ValueType value) {
        return new ValueType.Option(value);
    }

    private static ValueType tuple(ValueType... elements) {
        return new ValueType.Tuple(Arrays.asList(elements));
    }

    private static ValueType result(ValueType ok, ValueType error) {
        return new ValueType.Result(Optional.of(ok), Optional.of(error));
    }

    /** @param fields name and type in turn */
    private static ValueType record(Object... fields) {
        ValueType.Record.Field[] made = new ValueType.Record.Field[fields.length / 2];
        for (int i = 0; i < made.length; i++) {
            made[i] = new ValueType.Record.Field((String) fields[2 * i], (ValueType) fields[2 * i + 1]);
        }
        return new ValueType.Record(List.of(made));
    }
}
