package org.ashlar.component.validation;

import org.ashlar.component.binary.Definition.ExternName;
import org.ashlar.component.binary.Rejected;
import org.ashlar.component.type.ExternType;

/** What is common to imports and exports, in components and in types of components and instances. */
final class Externals {
    private Externals() {
    }

    static void declareImport(Scope scope, ExternName name, ExternType type) {
        ExternNames.resource(type).ifPresent(resource -> scope.importNames.nameResource(name.name(), resource));
        scope.importNames.add(name, type);
        if (scope.kind != Scope.Kind.INSTANCE_TYPE && !scope.visibility.importing(type)) {
            throw Rejected.invalid(Subtyping.word(type) + " not valid to be used as import");
        }
        scope.imports.put(name.name(), type);
        scope.add(type);
    }

    static void declareExport(Scope scope, ExternName name, ExternType type) {
        ExternNames.resource(type).ifPresent(resource -> scope.exportNames.nameResource(name.name(), resource));
        scope.exportNames.add(name, type);
        if (scope.kind != Scope.Kind.INSTANCE_TYPE && !scope.visibility.exporting(type)) {
            throw Rejected.invalid(Subtyping.word(type) + " not valid to be used as export");
        }
        scope.exports.put(name.name(), type);
        scope.add(type);
    }
}
