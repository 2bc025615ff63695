package org.ashlar.component.binary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The core types of one component with all that is nested in it, each kept once. Equal types have equal numbers, in whatever
 * module they were defined; the numbers are also the indices of the type section that {@link CoreModuleRewriter} gives to
 * the component's modules.
 */
public final class CoreTypes {
    private final Map<List<CoreType>, Integer> groups = new HashMap<>();
    private final List<List<CoreType>> order = new ArrayList<>();
    private final List<CoreType> types = new ArrayList<>();

    /**
     * The numbers of a group of types: the first, the others follow it.
     *
     * @param first   index that the group's first member has in its own scope
     * @param indices numbers of the types that stand before the group in that scope
     */
    public int intern(List<CoreType> group, int first, IntUnaryOperator indices) {
        List<CoreType> canonical = group.stream().map(type -> type.mapped(index -> {
            if (index >= first + group.size()) {
                throw Rejected.invalid("unknown type " + index + ": type index out of bounds");
            }
            return index >= first ? CoreValueType.OWN_GROUP - (index - first) : indices.applyAsInt(index);
        })).toList();
        Integer known = groups.get(canonical);
        if (known != null) {
            return known;
        }
        int number = types.size();
        if (number + group.size() > Limits.CORE_TYPES) {
            throw Rejected.limit("number of core types", Limits.CORE_TYPES);
        }
        groups.put(canonical, number);
        order.add(canonical);
        types.addAll(canonical);
        return number;
    }

    /** The number of a function type without references. */
    public int function(List<CoreValueType> parameters, List<CoreValueType> results) {
        return intern(List.of(new CoreType(true, List.of(), new CoreType.Function(parameters, results))), 0, index -> index);
    }

    /** The function type with this number. */
    public CoreType.Function function(int number) {
        if (types.get(number).composite() instanceof CoreType.Function function) {
            return function;
        }
        throw Rejected.invalid("core type " + number + " is not a function type");
    }

    /** Whether a function of type {@code actual} may stand for one of type {@code expected}. */
    public boolean isSubtype(int actual, int expected) {
        for (int type = actual, steps = 0; steps <= types.size(); steps++) {
            if (type == expected) {
                return true;
            }
            List<Integer> supertypes = types.get(type).supertypes();
            if (supertypes.isEmpty() || supertypes.getFirst() < 0) {
                return false;
            }
            type = supertypes.getFirst();
        }
        return false;
    }

    /** All groups, in the order of their numbers. */
    List<List<CoreType>> groups() {
        return order;
    }

    public int size() {
        return types.size();
    }
}
