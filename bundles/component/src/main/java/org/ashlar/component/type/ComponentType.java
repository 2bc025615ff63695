package org.ashlar.component.type;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The type of a component.
 *
 * @param importedResources the resource types that are given with the imports
 * @param imports           what it imports, by name, in order
 * @param definedResources  the resource types that each instantiation makes anew
 * @param exports           what it exports, by name, in order
 */
public record ComponentType(List<ResourceType> importedResources, Map<String, ExternType> imports,
                            List<ResourceType> definedResources, Map<String, ExternType> exports) implements TypeDefinition {
    public ComponentType {
        importedResources = List.copyOf(importedResources);
        imports = Collections.unmodifiableMap(new LinkedHashMap<>(imports));
        definedResources = List.copyOf(definedResources);
        exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
    }
}
