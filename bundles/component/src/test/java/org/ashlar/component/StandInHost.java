package org.ashlar.component;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.ValueType;

/**
 * A host for components of the world {@code process-v1}: hands out the Requests it was given and keeps the Responses. All
 * other functions that a component imports give the plainest value of their result's type.
 */
final class StandInHost {
    /** Ends a guest that asks for mail when there is none. */
    static final class NoMoreMail extends Error {
        private static final long serialVersionUID = 1L;

        NoMoreMail() {
            super("no more mail", null, false, false);
        }
    }

    final Deque<byte[]> requests = new ArrayDeque<>();
    final List<byte[]> responses = new ArrayList<>();

    static Linker<StandInHost> linkerFor(Map<String, ExternType> imports) {
        Linker.Builder<StandInHost> linker = Linker.builder();
        Map<ResourceType, HostResource<StandInHost>> resources = new HashMap<>();
        imports.forEach((interfaceName, type) -> {
            if (type instanceof ExternType.Instance instance) {
                instance.exports().forEach((name, export) -> {
                    if (export instanceof ExternType.Function(FuncType function)) {
                        linker.define(interfaceName, name, function(name, function));
                    } else if (export instanceof ExternType.Type(ResourceType resource)) {
                        linker.resource(interfaceName, name,
                                resources.computeIfAbsent(resource, _ -> HostResource.of(Object.class)));
                    }
                });
            }
        });
        return linker.build();
    }

    private static HostFunction<StandInHost> function(String name, FuncType type) {
        return switch (name) {
            case "our" -> (_, _) -> address();
            case "receive" -> (host, _) -> host.receive();
            case "send-response" -> (host, arguments) -> {
                host.responses.add((byte[]) ((Object[]) arguments[0])[1]);
                return Unit.VALUE;
            };
            default -> (_, _) -> type.result().map(StandInHost::plainest).orElse(Unit.VALUE);
        };
    }

    private static Object[] address() {
        return new Object[] {"node.os", new Object[] {"echo", "test", "node.os"}};
    }

    private Object receive() {
        if (requests.isEmpty()) {
            throw new NoMoreMail();
        }
        Object[] request = {false, Optional.of(5L), requests.pop(), Optional.empty(), List.of()};
        return Result.success(new Object[] {address(), Variant.of(0, request)});
    }

    private static Object plainest(ValueType type) {
        return switch (type) {
            case ValueType.Primitive primitive -> switch (primitive) {
                case BOOL -> false;
                case STRING -> "";
                case F32 -> 0f;
                case F64 -> 0d;
                default -> 0;
            };
            case ValueType.ListOf(var element, _) -> element == ValueType.Primitive.U8 ? new byte[0] : List.of();
            case ValueType.MapOf _ -> List.of();
            case ValueType.Record(var fields) -> fields.stream().map(f -> plainest(f.type())).toArray();
            case ValueType.Tuple(var elements) -> elements.stream().map(StandInHost::plainest).toArray();
            case ValueType.Variant(var cases) -> Variant.of(0, payload(cases.getFirst().payload()));
            case ValueType.Enum _ -> 0;
            case ValueType.Flags _ -> 0L;
            case ValueType.Option _ -> Optional.empty();
            case ValueType.Result(var ok, _) -> Result.success(payload(ok));
            case ValueType.Own _, ValueType.Borrow _ -> new Object();
            case ValueType.Stream _, ValueType.Future _ -> throw new IllegalArgumentException("no values of type " + type);
        };
    }

    private static Object payload(Optional<ValueType> type) {
        return type.map(StandInHost::plainest).orElse(Unit.VALUE);
    }
}
