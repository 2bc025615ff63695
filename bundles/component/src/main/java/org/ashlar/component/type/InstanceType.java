package org.ashlar.component.type;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The type of an instance.
 *
 * @param resources the resource types among its exports that are different in each instance of this type
 * @param exports   what it exports, by name, in order
 */
public record InstanceType(List<ResourceType> resources, Map<String, ExternType> exports) implements TypeDefinition {
    public InstanceType {
        resources = List.copyOf(resources);
        exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
    }
}
