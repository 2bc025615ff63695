package org.ashlar.maven.component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ashlar.maven.component.InterfaceType.Function;
import org.ashlar.maven.wasm.ArenaModule;
import org.ashlar.maven.wasm.ByteWriter;
import org.ashlar.maven.wasm.CoreModule;

/**
 * Wraps a core module that TeaVM made into a component of the world {@code process-v1}.
 *
 * <p>The component instantiates the arena first, lowers the functions that the module imports so that they work on
 * the arena's memory, instantiates the module with them, and lifts the module's {@code init}. As the arena exists
 * before the module does, no table of forwarding functions is needed to tie the two together.
 */
public final class ComponentEncoder {

    /** Under this name the process library imports the interface of its world, whichever that is. */
    private static final String STANDARD = "standard";
    private static final String ARENA = "arena";
    private static final String INIT = "init";

    private static final int CORE_MODULE_SECTION = 1;
    private static final int CORE_INSTANCE_SECTION = 2;
    private static final int ALIAS_SECTION = 6;
    private static final int TYPE_SECTION = 7;
    private static final int CANON_SECTION = 8;
    private static final int IMPORT_SECTION = 10;
    private static final int EXPORT_SECTION = 11;

    private static final int ARENA_INDEX = 0;
    private static final int MODULE_INDEX = 1;

    /** Core function 0 is the arena's allocator, core memory 0 its memory: what canonical definitions refer to. */
    private static final int[] CANONICAL_OPTIONS = {3, 0x00, 0x03, 0, 0x04, 0};

    private record Use(InterfaceType interfaceType, Set<String> functions) {
    }

    private final CoreModule module;
    private final Map<String, Use> uses;
    private final ByteWriter out = new ByteWriter();

    private ComponentEncoder(CoreModule module, Map<String, Use> uses) {
        this.module = module;
        this.uses = uses;
    }

    /**
     * Makes the component.
     *
     * @throws IllegalArgumentException if the bytes are no core module, it has no {@code init}, or it imports what a
     *     process cannot have; the message says what a process should use instead
     */
    public static byte[] encode(byte[] coreModule, World world) {
        CoreModule module = CoreModule.read(coreModule);
        if (!module.exports().contains(INIT)) {
            throw new IllegalArgumentException(
                    "the module does not export init: is org.ashlar:ashlar-process among the dependencies?");
        }
        return new ComponentEncoder(module, uses(module, world)).encode();
    }

    private static Map<String, Use> uses(CoreModule module, World world) {
        Map<String, InterfaceType> known = Map.of(STANDARD, Interfaces.standard(world),
                Interfaces.wallClock().name(), Interfaces.wallClock(),
                Interfaces.random().name(), Interfaces.random());
        Map<String, Use> uses = new LinkedHashMap<>();
        Set<String> unknown = new TreeSet<>();
        for (CoreModule.Import wanted : module.imports()) {
            InterfaceType found = known.get(wanted.module());
            if (found != null && found.functions().containsKey(wanted.name())) {
                uses.computeIfAbsent(wanted.module(), name -> new Use(found, new LinkedHashSet<>()))
                        .functions().add(wanted.name());
            } else if (!wanted.module().equals(ARENA)) {
                unknown.add(wanted.module() + "." + wanted.name());
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("a process cannot import " + unknown + ": files, threads and Thread.sleep"
                    + " are not there; ask the processes vfs and timer instead");
        }
        return uses;
    }

    private byte[] encode() {
        out.raw(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
        importInterfaces();
        instantiateArena();
        lowerFunctions();
        instantiateModule();
        exportInit();
        return out.toBytes();
    }

    /** Type and instance {@code i} belong to the interface {@code i}. */
    private void importInterfaces() {
        List<Use> all = List.copyOf(uses.values());
        out.section(TYPE_SECTION, types -> types.vector(all,
                (writer, use) -> InterfaceEncoder.encode(writer, use.interfaceType(), use.functions())));
        out.section(IMPORT_SECTION, imports -> {
            imports.unsigned(all.size());
            for (int i = 0; i < all.size(); i++) {
                imports.raw(0x00).name(all.get(i).interfaceType().name()).raw(0x05).unsigned(i);
            }
        });
    }

    private void instantiateArena() {
        out.raw(CORE_MODULE_SECTION).sized(ArenaModule.bytes());
        out.section(CORE_INSTANCE_SECTION, instances -> instances.raw(1, 0x00, ARENA_INDEX, 0));
        out.section(ALIAS_SECTION, aliases -> {
            aliases.unsigned(2);
            aliases.raw(0x00, 0x00, 0x01, ARENA_INDEX).name(ArenaModule.REALLOC);
            aliases.raw(0x00, 0x02, 0x01, ARENA_INDEX).name(ArenaModule.MEMORY);
        });
    }

    /** Function {@code i} of the component becomes core function {@code i + 1}, after the allocator. */
    private void lowerFunctions() {
        List<Function> functions = new ArrayList<>();
        ByteWriter aliases = new ByteWriter();
        int instance = 0;
        for (Use use : uses.values()) {
            for (String name : use.functions()) {
                aliases.raw(0x01, 0x00).unsigned(instance).name(name);
                functions.add(use.interfaceType().functions().get(name));
            }
            instance++;
        }
        out.section(ALIAS_SECTION, section -> section.unsigned(functions.size()).raw(aliases.toBytes()));
        out.section(CANON_SECTION, canons -> {
            canons.unsigned(functions.size());
            for (int i = 0; i < functions.size(); i++) {
                canons.raw(0x01, 0x00).unsigned(i);
                canons.raw(functions.get(i).needsMemory() ? CANONICAL_OPTIONS : new int[] {0});
            }
        });
    }

    /** Core instances: 0 the arena, then one bundle of lowered functions an interface, last the module. */
    private void instantiateModule() {
        out.raw(CORE_MODULE_SECTION).sized(module.bytes());
        out.section(CORE_INSTANCE_SECTION, instances -> {
            instances.unsigned(uses.size() + 1);
            int coreFunction = 1;
            for (Use use : uses.values()) {
                instances.raw(0x01).unsigned(use.functions().size());
                for (String name : use.functions()) {
                    instances.name(name).raw(0x00).unsigned(coreFunction++);
                }
            }
            instances.raw(0x00, MODULE_INDEX).unsigned(uses.size() + 1).name(ARENA).raw(0x12, ARENA_INDEX);
            int bundle = 1;
            for (String name : uses.keySet()) {
                instances.name(name).raw(0x12).unsigned(bundle++);
            }
        });
    }

    private void exportInit() {
        int functionCount = uses.values().stream().mapToInt(use -> use.functions().size()).sum();
        int initType = uses.size();
        out.section(ALIAS_SECTION, aliases -> aliases.raw(1, 0x00, 0x00, 0x01).unsigned(uses.size() + 1).name(INIT));
        out.section(TYPE_SECTION, types -> types.raw(1, 0x40, 1).name("our").raw(0x73, 0x01, 0x00));
        out.section(CANON_SECTION, canons -> canons.raw(1, 0x00, 0x00).unsigned(functionCount + 1)
                .raw(CANONICAL_OPTIONS).unsigned(initType));
        out.section(EXPORT_SECTION, exports -> exports.raw(1, 0x00).name(INIT).raw(0x01).unsigned(functionCount)
                .raw(0x00));
    }
}
