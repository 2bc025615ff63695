package org.ashlar.component.binary;

/**
 * Bounds on what a component may ask for. At each of them the component is rejected, or traps, with a message that names
 * the bound. None is in the specification unless the comment says so.
 */
public final class Limits {
    /** Size of a component in bytes; the largest seen in practice, an interpreter with its libraries, has 30 MB. */
    public static final int COMPONENT_BYTES = 1 << 28;
    /** Bytes of a name in UTF-8; what other implementations accept too. */
    public static final int NAME_BYTES = 100_000;
    /** Components within components, and types within types, counted together. */
    public static final int NESTING = 64;
    /** Definitions of a component: of all sorts, those of nested components and types included. */
    public static final int DEFINITIONS = 200_000;
    /** Core modules of a component, those of nested components included. */
    public static final int CORE_MODULES = 1_000;
    /** Items in one section of a core module; the engines' own limit for functions. */
    public static final int CORE_ITEMS = 1_000_000;
    /** Types in the type section that the core modules of a component share. */
    public static final int CORE_TYPES = 1_000_000;
    /** Value types within a value type, counted from the outside in. */
    public static final int TYPE_DEPTH = 100;
    /** Parts of a type, counted as if nothing in it were shared. */
    public static final int TYPE_SIZE = 1_000_000;
    /**
     * Parts of types that are looked at, compared or put together while one component is validated; bounds time and heap.
     * Components with all of WASI take a thousand.
     */
    public static final long VALIDATION_STEPS = 2_000_000;
    /** Fields, cases, labels or parameters of one type. */
    public static final int TYPE_MEMBERS = 10_000;
    /** Component and core instances that one instantiation makes. */
    public static final int INSTANCES = 1_000;
    /** Handles that one component instance holds (the specification allows 2<sup>28</sup>). */
    public static final int HANDLES = 1 << 20;
    /** Bytes of a string or a list in linear memory; the canonical ABI's MAX_STRING_BYTE_LENGTH. */
    public static final int VALUE_BYTES = (1 << 28) - 1;
    /** Bytes that lifting one call's values may always read. */
    public static final long LIFTED_BYTES_BASE = 1 << 20;
    /**
     * Bytes more that lifting one call's values may read, for each byte of the memory they come from. Without it lists
     * that overlap turn a small memory into any amount of heap.
     */
    public static final long LIFTED_BYTES_FACTOR = 8;

    private Limits() {
    }
}
