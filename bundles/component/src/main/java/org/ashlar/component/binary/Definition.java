package org.ashlar.component.binary;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A definition of a component, in the order in which they stand. Numbers are indices into the space of the sort they name. */
public sealed interface Definition {
    /** A core module, still as bytes. */
    record CoreModule(ByteRange bytes) implements Definition { }

    record CoreInstantiate(int module, List<CoreArgument> arguments) implements Definition { }

    /** A core instance put together from core items. */
    record CoreBundle(List<CoreItem> items) implements Definition { }

    record CoreTypeDefinition(CoreTypeSyntax type) implements Definition { }

    record NestedComponent(ComponentSyntax component) implements Definition { }

    record Instantiate(int component, List<Argument> arguments) implements Definition { }

    /** An instance put together from items. */
    record Bundle(List<Item> items) implements Definition { }

    /** The export {@code name} of an instance. */
    record AliasExport(Sort sort, int instance, String name) implements Definition { }

    /** The export {@code name} of a core instance. */
    record AliasCoreExport(Sort sort, int instance, String name) implements Definition { }

    /** Item {@code index} of the scope {@code count} levels out. */
    record AliasOuter(Sort sort, int count, int index) implements Definition { }

    record TypeDefinition(TypeSyntax type) implements Definition { }

    record Lift(int coreFunction, Options options, int type) implements Definition { }

    record Lower(int function, Options options) implements Definition { }

    record ResourceNew(int type) implements Definition { }

    record ResourceDrop(int type) implements Definition { }

    record ResourceRep(int type) implements Definition { }

    record Import(ExternName name, ExternSyntax type) implements Definition { }

    record Export(ExternName name, Sort sort, int index, Optional<ExternSyntax> ascribed) implements Definition { }

    /** Gives the imports of module {@code name} from core instance {@code instance}. */
    record CoreArgument(String name, int instance) { }

    record CoreItem(String name, Sort sort, int index) { }

    record Argument(String name, Sort sort, int index) { }

    record Item(ExternName name, Sort sort, int index) { }

    /** The name of an import or export. */
    record ExternName(String name, Optional<String> implementsName, Optional<String> versionSuffix) { }

    /** The options of {@code canon lift} and {@code canon lower}, as written: not checked for sense. */
    record Options(List<Option> list) { }

    sealed interface Option {
        record Encoding(StringEncoding encoding) implements Option { }

        record Memory(int memory) implements Option { }

        record Realloc(int coreFunction) implements Option { }

        record PostReturn(int coreFunction) implements Option { }

        record Async() implements Option { }

        record Callback(int coreFunction) implements Option { }
    }

    /** How text lies in linear memory. */
    enum StringEncoding {
        UTF8("utf8"), UTF16("utf16"), LATIN1_UTF16("latin1-utf16");

        private final String text;

        StringEncoding(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The declared type of an import or export. */
    sealed interface ExternSyntax {
        record Module(int coreType) implements ExternSyntax { }

        record Function(int type) implements ExternSyntax { }

        record Component(int type) implements ExternSyntax { }

        record Instance(int type) implements ExternSyntax { }

        /** A type equal to type {@code index}; without one, any resource type. */
        record Type(OptionalInt index) implements ExternSyntax { }
    }
}
