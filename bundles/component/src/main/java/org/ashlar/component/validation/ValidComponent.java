package org.ashlar.component.validation;

import java.util.List;
import java.util.Map;

import org.ashlar.component.binary.CoreModule;
import org.ashlar.component.binary.CoreTypes;
import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ResourceType;

/**
 * A component that follows the rules.
 *
 * @param steps     how to instantiate it
 * @param slots     the slot of each resource type that its functions mention
 * @param slotCount number of slots
 * @param modules   the core modules of it and all that is nested in it; the same list in each of these
 * @param coreTypes the core types of all of them
 */
public record ValidComponent(ComponentType type, List<Step> steps, Map<ResourceType, Integer> slots, int slotCount,
                             List<CoreModule> modules, CoreTypes coreTypes) { }
