package org.ashlar.component.validation;

import java.util.List;
import java.util.OptionalInt;

import org.ashlar.component.binary.CoreType;
import org.ashlar.component.binary.Definition.StringEncoding;
import org.ashlar.component.binary.Sort;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;

/**
 * A step of instantiation. Steps run in order; each appends to the index space of what it makes, so that the indices of later
 * steps are right. Types do not exist then, save resource types: these are numbered slots of the instance.
 */
public sealed interface Step {
    /** @param module its place in {@link ValidComponent#modules} of the outermost component */
    record DefineModule(int module) implements Step { }

    record InstantiateModule(int module, List<CoreArgument> arguments) implements Step { }

    record BundleCore(List<CoreItem> items) implements Step { }

    record DefineComponent(ValidComponent component) implements Step { }

    /** @param resources where the resource types that this makes are found among the new instance's exports */
    record InstantiateComponent(int component, List<Item> arguments, List<ResourcePath> resources) implements Step { }

    record Bundle(List<Item> items) implements Step { }

    record AliasExport(Sort sort, int instance, String name) implements Step { }

    record AliasCoreExport(Sort sort, int instance, String name) implements Step { }

    /** @param count how many components out, 0 for this one */
    record AliasOuter(Sort sort, int count, int index) implements Step { }

    record Lift(int coreFunction, Options options, FuncType type) implements Step { }

    /** @param core what it looks like to core code */
    record Lower(int function, Options options, FuncType type, CoreType.Function core) implements Step { }

    record ResourceNew(int slot) implements Step { }

    record ResourceDrop(int slot) implements Step { }

    record ResourceRep(int slot) implements Step { }

    record DefineResource(int slot, OptionalInt destructor) implements Step { }

    /** @param resources where the resource types that come with it are found in what is given for it */
    record Import(String name, ExternType type, List<ResourcePath> resources) implements Step { }

    record Export(Item item) implements Step { }

    record CoreArgument(String name, int instance) { }

    record CoreItem(String name, Sort sort, int index) { }

    /** Something with a name; for a resource type the index is its slot. */
    record Item(String name, Sort sort, int index) { }

    /** The resource type for a slot: what is found by following the names of exports, none for the item itself. */
    record ResourcePath(int slot, List<String> names) { }

    /** Options of a canonical function, checked. */
    record Options(StringEncoding encoding, OptionalInt memory, OptionalInt realloc, OptionalInt postReturn) { }
}
