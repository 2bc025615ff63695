package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.ashlar.component.binary.Limits;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.InstanceType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;
import org.ashlar.component.type.ValueType.Primitive;

/**
 * The facts of every type met while one component is validated, each computed once from those of its parts, and the bounds
 * on types. Types are told apart by identity, as equality would walk through them.
 */
final class TypeTable {
    private static final int FLAT_MAX = 1 << 20;
    private static final long BYTES_LIMIT = 1L << 28;

    private final Map<TypeDefinition, TypeFacts> known = new IdentityHashMap<>();
    private long steps;

    /** Counts a step of work, or a few objects on the heap, that a component can cause. */
    void step() {
        if (++steps > Limits.VALIDATION_STEPS) {
            throw Rejected.limit("number of steps to validate a component", Limits.VALIDATION_STEPS);
        }
    }

    TypeFacts facts(TypeDefinition type) {
        TypeFacts facts = known.get(type);
        if (facts == null) {
            step();
            facts = compute(type);
            if (facts.depth() > Limits.TYPE_DEPTH) {
                throw Rejected.limit("nesting of a type", Limits.TYPE_DEPTH);
            }
            if (facts.size() > Limits.TYPE_SIZE) {
                throw Rejected.limit("size of a type", Limits.TYPE_SIZE);
            }
            if (facts.bytes() >= BYTES_LIMIT) {
                throw Rejected.invalid("type exceeds maximum byte size of " + (BYTES_LIMIT - 1));
            }
            known.put(type, facts);
        }
        return facts;
    }

    private TypeFacts compute(TypeDefinition type) {
        return switch (type) {
            case Primitive primitive -> primitive(primitive);
            case ValueType.ListOf(var element, var length) -> length.isPresent()
                    ? repeated(facts(element), length.getAsInt()) : pointing(Stream.of(element));
            case ValueType.MapOf(var key, var value) -> pointing(Stream.of(key, value));
            case ValueType.Record(var fields) -> product(fields.stream().map(f -> facts(f.type())).toList());
            case ValueType.Tuple(var elements) -> product(elements.stream().map(this::facts).toList());
            case ValueType.Variant(var cases) -> sum(cases.size(),
                    cases.stream().flatMap(c -> c.payload().stream()).map(this::facts).toList());
            case ValueType.Enum(var cases) -> TypeFacts.leaf(discriminant(cases.size()));
            case ValueType.Flags(var labels) -> TypeFacts.leaf(labels.size() <= 8 ? 1 : labels.size() <= 16 ? 2 : 4);
            case ValueType.Option(var value) -> sum(2, List.of(facts(value)));
            case ValueType.Result(var ok, var error) -> sum(2,
                    Stream.of(ok, error).flatMap(Optional::stream).map(this::facts).toList());
            case ValueType.Own _ -> new TypeFacts(1, 1, true, false, false, false, 1, 4, 4);
            case ValueType.Borrow _ -> new TypeFacts(1, 1, true, true, false, false, 1, 4, 4);
            case ValueType.Stream(var element) -> handle(element);
            case ValueType.Future(var element) -> handle(element);
            case ResourceType _ -> new TypeFacts(1, 1, true, false, false, false, 0, 0, 1);
            case FuncType function -> outline(Stream.concat(function.parameters().stream().map(FuncType.Parameter::type),
                    function.result().stream()));
            case InstanceType(_, var exports) -> outline(parts(exports));
            case ComponentType(_, var imports, _, var exports) -> outline(Stream.concat(parts(imports), parts(exports)));
        };
    }

    private static Stream<TypeDefinition> parts(Map<String, ExternType> externs) {
        return externs.values().stream().<Optional<TypeDefinition>>map(extern -> switch (extern) {
            case ExternType.Function(var type) -> Optional.of(type);
            case ExternType.Instance(var type) -> Optional.of(type);
            case ExternType.Component(var type) -> Optional.of(type);
            case ExternType.Type(var type) -> Optional.of(type);
            case ExternType.CoreModule _ -> Optional.empty();
        }).flatMap(Optional::stream);
    }

    private static TypeFacts primitive(Primitive primitive) {
        return switch (primitive) {
            case BOOL, S8, U8 -> TypeFacts.leaf(1);
            case S16, U16 -> TypeFacts.leaf(2);
            case S32, U32, F32, CHAR -> TypeFacts.leaf(4);
            case S64, U64, F64 -> TypeFacts.leaf(8);
            case STRING -> TypeFacts.pointerPair();
        };
    }

    static int discriminant(int cases) {
        return cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
    }

    /** Everything but the layout, taken from the parts. */
    private static TypeFacts gather(List<TypeFacts> parts, int flat, long bytes, int alignment) {
        int depth = 1;
        long size = 1;
        boolean resources = false;
        boolean borrows = false;
        boolean pointers = false;
        boolean async = false;
        for (TypeFacts part : parts) {
            depth = Math.max(depth, part.depth() + 1);
            size += part.size();
            resources |= part.resources();
            borrows |= part.borrows();
            pointers |= part.pointers();
            async |= part.async();
        }
        return new TypeFacts(depth, size, resources, borrows, pointers, async, Math.min(flat, FLAT_MAX), bytes, alignment);
    }

    /** A type that has no values itself. */
    private TypeFacts outline(Stream<? extends TypeDefinition> parts) {
        return gather(parts.map(this::facts).toList(), 0, 0, 1);
    }

    private TypeFacts pointing(Stream<ValueType> parts) {
        List<TypeFacts> facts = Stream.concat(parts.map(this::facts), Stream.of(TypeFacts.pointerPair())).toList();
        return gather(facts, 2, 16, 8);
    }

    private TypeFacts handle(Optional<ValueType> element) {
        return gather(element.stream().map(this::facts).toList(), 1, 4, 4).asynchronous();
    }

    private static TypeFacts repeated(TypeFacts element, int length) {
        long flat = (long) element.flat() * length;
        return gather(List.of(element), (int) Math.min(flat, FLAT_MAX), element.bytes() * length, element.alignment());
    }

    private static TypeFacts product(List<TypeFacts> parts) {
        long bytes = 0;
        int alignment = 1;
        int flat = 0;
        for (TypeFacts part : parts) {
            bytes = align(bytes, part.alignment()) + part.bytes();
            alignment = Math.max(alignment, part.alignment());
            flat = Math.min(flat + part.flat(), FLAT_MAX);
        }
        return gather(parts, flat, align(bytes, alignment), alignment);
    }

    private static TypeFacts sum(int cases, List<TypeFacts> payloads) {
        int alignment = 1;
        long bytes = 0;
        int flat = 0;
        for (TypeFacts payload : payloads) {
            alignment = Math.max(alignment, payload.alignment());
            bytes = Math.max(bytes, payload.bytes());
            flat = Math.max(flat, payload.flat());
        }
        int discriminant = discriminant(cases);
        int whole = Math.max(alignment, discriminant);
        return gather(payloads, flat + 1, align(align(discriminant, alignment) + bytes, whole), whole);
    }

    private static long align(long offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }

    /** The facts of a function's parameters taken together. */
    TypeFacts parameters(FuncType function) {
        List<TypeFacts> parts = new ArrayList<>();
        function.parameters().forEach(parameter -> parts.add(facts(parameter.type())));
        return product(parts);
    }
}
