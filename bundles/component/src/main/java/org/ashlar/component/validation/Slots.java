package org.ashlar.component.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.ResourceType;

/** Numbers the resource types of a component, so that its instances can hold them in an array. */
final class Slots {
    private final TypeTable table;
    private final Map<ResourceType, Integer> numbers = new HashMap<>();
    private final Set<ResourceType> local = new HashSet<>();
    private int size;

    Slots(TypeTable table) {
        this.table = table;
    }

    /** A slot for a resource type that the component itself defines. */
    int define(ResourceType resource) {
        local.add(resource);
        numbers.put(resource, size);
        return size++;
    }

    boolean isLocal(ResourceType resource) {
        return local.contains(resource);
    }

    /** From now on both are in the same slot. */
    void share(ResourceType resource, ResourceType other) {
        numbers.put(resource, of(other));
    }

    int of(ResourceType resource) {
        Integer slot = numbers.get(resource);
        if (slot == null) {
            throw Rejected.invalid("resource `" + resource + "` cannot be reached by any name");
        }
        return slot;
    }

    Map<ResourceType, Integer> numbers() {
        return numbers;
    }

    int size() {
        return size;
    }

    /** Slots for those of {@code resources} that are among the exports. */
    List<Step.ResourcePath> find(List<ResourceType> resources, Map<String, ExternType> exports) {
        Search search = new Search(resources);
        search.exports(exports);
        return search.found;
    }

    /** Slots for those of {@code resources} that an item is, or has among its exports. */
    List<Step.ResourcePath> find(List<ResourceType> resources, ExternType item) {
        Search search = new Search(resources);
        search.item(item);
        return search.found;
    }

    private final class Search {
        private final Set<ResourceType> wanted;
        private final List<String> path = new ArrayList<>();
        private final List<Step.ResourcePath> found = new ArrayList<>();

        Search(List<ResourceType> resources) {
            this.wanted = new HashSet<>(resources);
        }

        void exports(Map<String, ExternType> exports) {
            exports.forEach((name, type) -> {
                path.add(name);
                item(type);
                path.removeLast();
            });
        }

        void item(ExternType type) {
            if (wanted.isEmpty()) {
                return;
            }
            table.step();
            if (type instanceof ExternType.Type(ResourceType resource) && wanted.remove(resource)) {
                numbers.put(resource, size);
                found.add(new Step.ResourcePath(size++, List.copyOf(path)));
            } else if (type instanceof ExternType.Instance(var instance)) {
                exports(instance.exports());
            }
        }
    }
}
