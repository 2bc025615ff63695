package org.ashlar.component.binary;

/**
 * What a component needs to know of a core module.
 *
 * @param bytes       the module
 * @param type        what it imports and exports
 * @param typeNumbers the number in {@link CoreTypes} of each type of its type section
 * @param mayShareFunctions whether its functions can reach another module, or another's reach it, as references
 */
public record CoreModule(ByteRange bytes, CoreModuleType type, int[] typeNumbers, boolean mayShareFunctions) { }
