package org.ashlar.component;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.ashlar.component.type.ValueType;

/**
 * Says that values of some types are objects of the host's own classes, in the functions that are defined with it
 * ({@link Linker.Builder#define(String, String, HostFunction, Shapes)}). All other types keep the classes of the package's
 * table. What lies between a guest's memory and such an object is made for each type once and shared by all components, for as
 * long as one of them lives.
 * <p>
 * The handles are called on the guest's thread. What a maker throws ends the call as it would if the host function had thrown
 * it, an {@link IllegalArgumentException} as {@link HostFunction#refused} says. A {@link ClassCastException},
 * {@link IllegalArgumentException} or {@link NullPointerException} while lowering counts as a value that does not fit.
 * Immutable, shared between threads.
 */
public final class Shapes {
    /** Nothing but the package's table. */
    static final Shapes PLAIN = builder().build();

    /** How one type is an object of the host. */
    sealed interface Shape {
        /** @param maker takes the fields; empty when such values only go to guests */
        record OfRecord(Optional<MethodHandle> maker, List<MethodHandle> accessors) implements Shape {
            /** The class in which the host has a field. */
            Class<?> fieldClass(int index) {
                return maker.isPresent() ? maker.get().type().parameterType(index) : accessors.get(index).type().returnType();
            }
        }

        /** Of values that only go to guests. */
        record OfVariant(MethodHandle tag, List<Optional<MethodHandle>> payloads) implements Shape { }
    }

    private final Map<ValueType, Shape> shapes;
    final CodecPool pool = new CodecPool();

    private Shapes(Map<ValueType, Shape> shapes) {
        this.shapes = Map.copyOf(shapes);
    }

    Optional<Shape> of(ValueType type) {
        // comparing types walks through them
        return shapes.isEmpty() ? Optional.empty() : Optional.ofNullable(shapes.get(type));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects shapes. Not thread-safe. */
    public static final class Builder {
        private final Map<ValueType, Shape> shapes = new HashMap<>();

        private Builder() {
        }

        /**
         * A record or tuple of at most 32 fields.
         *
         * @param maker     takes the fields in order and gives the object. A field arrives in the class of its own shape or of the
         *                  package's table, unboxed where the maker takes a primitive; an {@code option} of a 64-bit integer
         *                  also as {@link java.util.OptionalLong}
         * @param accessors each takes the object and gives a field, in the classes that the maker takes
         */
        public Builder record(ValueType type, MethodHandle maker, MethodHandle... accessors) {
            requireArity(maker, accessors.length);
            return put(type, new Shape.OfRecord(Optional.of(maker), List.of(accessors)), accessors);
        }

        /** The same for values that only go to guests. */
        public Builder recordToGuest(ValueType type, MethodHandle... accessors) {
            return put(type, new Shape.OfRecord(Optional.empty(), List.of(accessors)), accessors);
        }

        /**
         * A variant or result of at most 32 cases, whose values only go to guests.
         *
         * @param tag      takes the object and gives the index of its case; of a result, 0 is success
         * @param payloads each takes the object and gives what that case carries; empty for one that carries nothing
         */
        public Builder variantToGuest(ValueType type, MethodHandle tag, List<Optional<MethodHandle>> payloads) {
            requireArity(tag, 1);
            return put(type, new Shape.OfVariant(tag.asType(MethodType.methodType(int.class, Object.class)),
                    List.copyOf(payloads)), payloads.stream().flatMap(Optional::stream).toArray(MethodHandle[]::new));
        }

        private Builder put(ValueType type, Shape shape, MethodHandle[] accessors) {
            Arrays.stream(accessors).forEach(accessor -> requireArity(accessor, 1));
            int parts = switch (type) {
                case ValueType.Record(var fields) when shape instanceof Shape.OfRecord -> fields.size();
                case ValueType.Tuple(var elements) when shape instanceof Shape.OfRecord -> elements.size();
                case ValueType.Variant(var cases) when shape instanceof Shape.OfVariant -> cases.size();
                case ValueType.Result _ when shape instanceof Shape.OfVariant -> 2;
                default -> throw new IllegalArgumentException("a shape of this kind does not fit " + type);
            };
            int given = switch (shape) {
                case Shape.OfRecord(_, var each) -> each.size();
                case Shape.OfVariant(_, var each) -> each.size();
            };
            if (parts != given || parts > CodecGenerator.MOST_PARTS) {
                throw new IllegalArgumentException(given + " parts were given for the " + parts + " of " + type);
            }
            shapes.put(Objects.requireNonNull(type, "type"), shape);
            return this;
        }

        private static void requireArity(MethodHandle handle, int arity) {
            if (handle.type().parameterCount() != arity) {
                throw new IllegalArgumentException("a handle of " + arity + " parameters is expected, not " + handle.type());
            }
        }

        public Shapes build() {
            return new Shapes(shapes);
        }
    }
}
