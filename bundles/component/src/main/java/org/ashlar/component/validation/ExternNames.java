package org.ashlar.component.validation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.ashlar.component.binary.Definition.ExternName;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ExternType;
import org.ashlar.component.type.FuncType;
import org.ashlar.component.type.ResourceType;
import org.ashlar.component.type.TypeDefinition;
import org.ashlar.component.type.ValueType;

/**
 * The names of the imports, or of the exports, of one scope: their grammar, their uniqueness, and what the annotations
 * {@code [constructor]}, {@code [method]} and {@code [static]} ask of a function ({@code Explainer.md}, "Import and Export
 * Definitions").
 */
final class ExternNames {
    private final String what;
    private final Map<String, String> seen = new HashMap<>();
    private final Map<ResourceType, String> resources = new IdentityHashMap<>();
    private final Set<String> resourceNames = new HashSet<>();

    /** @param what "import" or "export" */
    ExternNames(String what) {
        this.what = what;
    }

    /** Lets later annotated names refer to a resource by {@code name}. */
    void nameResource(String name, ResourceType resource) {
        resources.put(resource, name);
        resourceNames.add(name);
    }

    void add(ExternName extern, ExternType type) {
        String name = extern.name();
        String key;
        try {
            key = check(name, type);
        } catch (Rejected e) {
            throw e.within("`" + name + "` is not a valid extern name");
        }
        String before = seen.putIfAbsent(key, name);
        if (before != null) {
            throw Rejected.invalid(what + " name `" + name + "` conflicts with previous name `" + before + "`");
        }
        extern.implementsName().ifPresent(interfaceName -> checkImplements(name, interfaceName, type));
        extern.versionSuffix().ifPresent(suffix -> InterfaceName.checkSuffix(name, suffix));
    }

    /** Checks the grammar, and gives the text that must be unique. */
    private String check(String name, ExternType type) {
        if (name.startsWith("[constructor]")) {
            String resource = name.substring("[constructor]".length());
            Labels.requireKebab(resource);
            checkConstructor(function(name, type), resource);
            return name.toLowerCase(Locale.ROOT);
        }
        if (name.startsWith("[method]")) {
            String rest = name.substring("[method]".length());
            checkMethod(function(name, type), resourceOf(rest));
            return memberKey(rest);
        }
        if (name.startsWith("[static]")) {
            String rest = name.substring("[static]".length());
            String resource = resourceOf(rest);
            function(name, type);
            if (!resourceNames.contains(resource)) {
                throw Rejected.invalid("static resource name is not known in this context");
            }
            return memberKey(rest);
        }
        if (name.indexOf(':') >= 0) {
            InterfaceName.check(name);
        } else {
            Labels.requireKebab(name);
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static String resourceOf(String member) {
        int dot = member.indexOf('.');
        if (dot < 0) {
            throw Rejected.invalid("failed to find `.` character");
        }
        Labels.requireKebab(member.substring(0, dot));
        Labels.requireKebab(member.substring(dot + 1));
        return member.substring(0, dot);
    }

    private static String memberKey(String member) {
        String key = member.toLowerCase(Locale.ROOT);
        int dot = key.indexOf('.');
        return key.substring(0, dot).equals(key.substring(dot + 1)) ? key.substring(0, dot) : key;
    }

    private static FuncType function(String name, ExternType type) {
        if (type instanceof ExternType.Function(var function)) {
            return function;
        }
        throw Rejected.invalid("item `" + name + "` is not a func");
    }

    private void checkConstructor(FuncType function, String resource) {
        ValueType result = function.result().orElseThrow(() -> Rejected.invalid("function should return one value"));
        ValueType made = result instanceof ValueType.Result(Optional<ValueType> ok, _) && ok.isPresent() ? ok.get() : result;
        if (!(made instanceof ValueType.Own(var type))) {
            throw Rejected.invalid("function should return `(own $T)` or `(result (own $T))`");
        }
        checkResource(type, resource);
    }

    private void checkMethod(FuncType function, String resource) {
        if (function.parameters().isEmpty()) {
            throw Rejected.invalid("function should have at least one argument");
        }
        FuncType.Parameter self = function.parameters().getFirst();
        if (!self.name().equals("self")) {
            throw Rejected.invalid("function should have a first argument called `self`");
        }
        if (!(self.type() instanceof ValueType.Borrow(var type))) {
            throw Rejected.invalid("function should take a first argument of `(borrow $T)`");
        }
        checkResource(type, resource);
    }

    private void checkResource(ResourceType type, String expected) {
        String name = resources.get(type);
        if (name == null) {
            throw Rejected.invalid("resource used in function does not have a name in this context");
        }
        if (!name.equals(expected)) {
            throw Rejected.invalid("function does not match expected resource name `" + name + "`");
        }
    }

    private static void checkImplements(String name, String interfaceName, ExternType type) {
        if (interfaceName.indexOf(':') < 0) {
            String fault = Labels.isKebab(interfaceName) ? "" : " (and `" + interfaceName + "` is not a valid name)";
            throw Rejected.invalid("`implements` of `" + name + "` must be an interface" + fault);
        }
        InterfaceName.check(interfaceName);
        if (!(type instanceof ExternType.Instance)) {
            throw Rejected.invalid("only instances can have an `implements`");
        }
        if (name.indexOf(':') >= 0) {
            throw Rejected.invalid("name `" + name + "` is not valid with `implements`");
        }
    }

    /** The resource among a definition's kinds, for {@link #nameResource}. */
    static Optional<ResourceType> resource(ExternType type) {
        return type instanceof ExternType.Type(TypeDefinition definition) && definition instanceof ResourceType resource
                ? Optional.of(resource) : Optional.empty();
    }
}
