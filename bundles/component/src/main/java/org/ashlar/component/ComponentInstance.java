package org.ashlar.component;

import java.util.Map;
import java.util.Optional;

import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;

/** An instance of a component; used by one thread at a time. */
public final class ComponentInstance {
    private final Map<String, ExternType> types;
    private final Frame.Named exports;
    private final Object host;

    ComponentInstance(Map<String, ExternType> types, Frame.Named exports, Object host) {
        this.types = types;
        this.exports = exports;
        this.host = host;
    }

    /** The function that it exports under this plain name. */
    public Optional<ComponentFunction> function(String name) {
        return function(types, exports, name);
    }

    /**
     * The function of an exported interface.
     *
     * @param interfaceName as exported, or without its version
     */
    public Optional<ComponentFunction> function(String interfaceName, String name) {
        return types.keySet().stream().filter(exported -> names(exported, interfaceName)).findFirst().flatMap(exported ->
                types.get(exported) instanceof ExternType.Instance instance
                        ? exports.get(exported).flatMap(item -> function(instance.exports(), (Frame.Named) item, name))
                        : Optional.empty());
    }

    private static boolean names(String exported, String wanted) {
        return exported.equals(wanted) || exported.startsWith(wanted) && exported.charAt(wanted.length()) == '@';
    }

    private Optional<ComponentFunction> function(Map<String, ExternType> types, Frame.Named items, String name) {
        return Optional.ofNullable(types.get(name)).flatMap(type -> type instanceof ExternType.Function(FuncType function)
                ? items.get(name).map(item -> new ExportedFunction(function, (Callee) item, host)) : Optional.empty());
    }
}
