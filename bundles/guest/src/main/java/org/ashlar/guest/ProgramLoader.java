package org.ashlar.guest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestException.Phase;
import org.ashlar.component.Component;
import org.ashlar.component.ComponentException;
import org.ashlar.component.LinkedComponent;
import org.ashlar.component.Linker;
import org.ashlar.component.type.ExternType;
import org.ashlar.guest.WorldTypes.Signature;

/** Makes programs of bytes: decodes, compares with the guest world, compiles, links. */
final class ProgramLoader {
    /** How a core module begins: magic number, version 1, layer 0. A component has another version and layer 1. */
    private static final byte[] CORE_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    /** Interfaces through which a guest can see its scratch drive. */
    private static final List<String> FILES = List.of("wasi:filesystem/", "wasi:cli/environment");

    private final Linker<Run> linker;
    private final Surroundings surroundings;

    ProgramLoader(Linker<Run> linker, Surroundings surroundings) {
        this.linker = linker;
        this.surroundings = surroundings;
    }

    /** @throws GuestException when the bytes are no component of the guest world: one line that names the cause */
    ComponentProgram load(byte[] bytes, String digest, Engine engine, Programs programs) throws GuestException {
        if (isCoreModule(bytes)) {
            throw invalid("this is a core Wasm module, not a component; make one of it with \"wasm-tools component new\"");
        }
        try {
            Component component = Component.decode(bytes);
            checkWorld(component);
            LinkedComponent<Run> linked = linker.link(component.compile(engine.service()));
            boolean usesFiles = component.imports().keySet().stream()
                    .anyMatch(name -> FILES.stream().anyMatch(name::startsWith));
            return new ComponentProgram(programs, digest, engine, linked, usesFiles, surroundings);
        } catch (ComponentException e) {
            throw new GuestException(Phase.INVALID, line(e), e);
        }
    }

    private static String line(ComponentException e) {
        return switch (e.kind()) {
            case MALFORMED, INVALID -> "this is no valid component: " + e.getMessage();
            case UNSUPPORTED, LIMIT, UNLINKABLE -> e.getMessage();
        };
    }

    private static boolean isCoreModule(byte[] bytes) {
        return bytes.length >= CORE_MODULE.length
                && Arrays.equals(bytes, 0, CORE_MODULE.length, CORE_MODULE, 0, CORE_MODULE.length);
    }

    private static void checkWorld(Component component) throws GuestException {
        if (!(component.exports().get("init") instanceof ExternType.Function(var type))
                || !Signature.of(type).equals(WorldTypes.INIT)) {
            throw invalid("the component exports no function init(our: string): it is not of world process-v1");
        }
        for (String name : World.INTERFACES) {
            if (component.imports().get(name) instanceof ExternType.Instance imported) {
                checkInterface(name, imported.exports());
            }
        }
    }

    private static void checkInterface(String name, Map<String, ExternType> imported) throws GuestException {
        for (Map.Entry<String, ExternType> each : imported.entrySet()) {
            if (each.getValue() instanceof ExternType.Function(var type)) {
                Optional<Signature> ours = WorldTypes.function(each.getKey());
                if (ours.isPresent() && !ours.get().equals(Signature.of(type))) {
                    throw invalid("the component imports " + name + "#" + each.getKey() + " as another function than "
                            + "world process-v1 has; was it built from another version of the world?");
                }
            }
        }
    }

    private static GuestException invalid(String line) {
        return new GuestException(Phase.INVALID, line, null);
    }
}
