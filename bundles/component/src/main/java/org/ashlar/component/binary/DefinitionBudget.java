package org.ashlar.component.binary;

/** Counts what a component consists of, against {@link Limits}. */
final class DefinitionBudget {
    private int definitions;
    private int modules;
    private int depth;

    void define() {
        if (++definitions > Limits.DEFINITIONS) {
            throw Rejected.limit("number of definitions of a component", Limits.DEFINITIONS);
        }
    }

    void module() {
        if (++modules > Limits.CORE_MODULES) {
            throw Rejected.limit("number of core modules of a component", Limits.CORE_MODULES);
        }
    }

    void enter() {
        if (++depth > Limits.NESTING) {
            throw Rejected.limit("nesting of components and types", Limits.NESTING);
        }
    }

    void leave() {
        depth--;
    }
}
