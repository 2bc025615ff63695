package org.ashlar.component;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.ashlar.component.type.ComponentType;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.ResourceType;

/** Finds what a host gives for the imports of one component. */
final class ImportLinking {
    private final Map<String, Object> plain;
    private final Map<String, Map<String, Object>> interfaces;
    private final Map<ResourceType, RuntimeResource> resources = new HashMap<>();
    private final List<String> missing = new ArrayList<>();

    ImportLinking(Map<String, Object> plain, Map<String, Map<String, Object>> interfaces) {
        this.plain = plain;
        this.interfaces = interfaces;
    }

    /** @throws ComponentException that names all that is missing */
    Map<String, Object> link(ComponentType component) {
        Map<String, Object> found = new LinkedHashMap<>();
        component.imports().forEach((name, type) -> {
            switch (type) {
                case ExternType.Function _ -> Optional.ofNullable(plain.get(name))
                        .ifPresentOrElse(item -> found.put(name, item), () -> missing.add("function `" + name + "`"));
                case ExternType.Instance instance -> found.put(name, Frame.Named.of(instance(name, instance)));
                case ExternType.Type(ResourceType _) -> missing.add("resource type `" + name + "`");
                case ExternType.Type _ -> { }
                case ExternType.Component _ -> missing.add("component `" + name + "`");
                case ExternType.CoreModule _ -> missing.add("core module `" + name + "`");
            }
        });
        if (!missing.isEmpty()) {
            throw new ComponentException(ComponentException.Kind.UNLINKABLE,
                    "the host does not offer what the component imports: " + String.join("; ", missing));
        }
        return found;
    }

    private Map<String, Object> instance(String interfaceName, ExternType.Instance type) {
        List<Map<String, Object>> candidates = candidates(interfaceName);
        Map<String, Object> found = new HashMap<>();
        List<String> absent = new ArrayList<>();
        type.exports().forEach((name, export) -> item(candidates, name, export)
                .ifPresentOrElse(item -> found.put(name, item), () -> {
                    if (!isTypeOfValues(export)) {
                        absent.add(name);
                    }
                }));
        if (!absent.isEmpty()) {
            missing.add("interface `" + interfaceName + "`" + (candidates.isEmpty() ? ""
                    : ", of which it lacks " + String.join(", ", absent)));
        }
        return found;
    }

    private static boolean isTypeOfValues(ExternType type) {
        return type instanceof ExternType.Type(var definition) && !(definition instanceof ResourceType);
    }

    private Optional<Object> item(List<Map<String, Object>> candidates, String name, ExternType type) {
        return switch (type) {
            case ExternType.Function _ -> find(candidates, name, Callee.class);
            case ExternType.Type(ResourceType resource) -> {
                // A resource type that another import brought is not asked for again.
                Optional<RuntimeResource> found = Optional.ofNullable(resources.get(resource))
                        .or(() -> find(candidates, name, RuntimeResource.class).map(RuntimeResource.class::cast));
                found.ifPresent(runtime -> resources.put(resource, runtime));
                yield found.map(Object.class::cast);
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Object> find(List<Map<String, Object>> candidates, String name, Class<?> kind) {
        return candidates.stream().map(items -> items.get(name)).filter(kind::isInstance).findFirst();
    }

    /** The host's interfaces that may stand for the one imported, the best first. */
    private List<Map<String, Object>> candidates(String imported) {
        InterfaceVersion wanted = InterfaceVersion.of(imported);
        return interfaces.entrySet().stream()
                .filter(entry -> entry.getKey().equals(imported) || InterfaceVersion.of(entry.getKey()).satisfies(wanted))
                .sorted(Comparator.<Map.Entry<String, Map<String, Object>>, Boolean>comparing(
                                entry -> !entry.getKey().equals(imported))
                        .thenComparing(entry -> InterfaceVersion.of(entry.getKey()), Comparator.reverseOrder()))
                .map(Map.Entry::getValue).toList();
    }
}
