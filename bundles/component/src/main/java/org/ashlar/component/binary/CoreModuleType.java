package org.ashlar.component.binary;

import java.util.List;
import java.util.Map;

import org.ashlar.component.type.ExternType;

/** What a core module imports and exports; type indices are those of {@link CoreTypes}. */
public record CoreModuleType(List<Import> imports, Map<String, CoreExtern> exports) implements ExternType.CoreModule {
    /** An import. */
    public record Import(String module, String name, CoreExtern type) { }
}
