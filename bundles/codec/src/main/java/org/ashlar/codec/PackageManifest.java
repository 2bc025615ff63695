package org.ashlar.codec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;

/**
 * A {@code manifest.json}: the processes of a package (reference-kernel 6.3).
 *
 * @param processes what it lists, in order
 * @param notices   what was passed over, a line each: capabilities that name no process
 */
public record PackageManifest(List<Process> processes, List<String> notices) {
    /** Longest file read, in bytes. */
    public static final int MAX_BYTES = 1 << 20;
    /** Most processes of one package. */
    public static final int MAX_PROCESSES = 256;
    /** Most capabilities that one process asks for, or gives. */
    public static final int MAX_CAPABILITIES = 1024;

    public PackageManifest {
        processes = List.copyOf(processes);
        notices = List.copyOf(notices);
    }

    /**
     * One process.
     *
     * @param id         its name in the package that the manifest belongs to
     * @param wasmPath   where its component lies, relative to the package, without a leading slash
     * @param onExit     what happens when it ends
     * @param networking whether it asks to exchange messages with other nodes
     * @param requests   capabilities it asks for: {@code with} is who issues them
     * @param grants     capabilities it issues: {@code with} is who gets them
     * @param isPublic   whether any local process may message it
     */
    public record Process(ProcessId id, String wasmPath, OnExit onExit, boolean networking, List<Asked> requests,
                          List<Asked> grants, boolean isPublic) {
        public Process {
            requests = List.copyOf(requests);
            grants = List.copyOf(grants);
        }
    }

    /**
     * A capability between this process and another.
     *
     * @param with   the other process
     * @param params what it allows, JSON text; {@link Capability#MESSAGING} where the manifest has a bare process id
     */
    public record Asked(ProcessId with, String params) { }

    /**
     * Reads the file.
     *
     * @throws CodecException that names the entry and the key
     */
    public static PackageManifest parse(PackageId owner, byte[] file) {
        JsonValue json = JsonValue.parse("manifest.json", file, MAX_BYTES);
        List<String> notices = new ArrayList<>();
        Set<ProcessId> names = new HashSet<>();
        List<Process> processes = json.list(entry -> {
            Process process = process(owner, entry, notices);
            if (!names.add(process.id())) {
                throw new CodecException(entry.where() + ".process_name: \"" + process.id().process()
                        + "\" is there twice");
            }
            return process;
        });
        if (processes.size() > MAX_PROCESSES) {
            throw new CodecException("manifest.json: " + processes.size() + " processes; at most " + MAX_PROCESSES
                    + " may be in a package");
        }
        return new PackageManifest(processes, notices);
    }

    private static Process process(PackageId owner, JsonValue entry, List<String> notices) {
        return new Process(entry.field("process_name").identifier(name -> ProcessId.of(name, owner)),
                wasmPath(entry.field("process_wasm_path")), OnExitJson.read(entry.field("on_exit")),
                entry.field("request_networking").bool(), asked(entry.field("request_capabilities"), notices),
                asked(entry.field("grant_capabilities"), notices), entry.field("public").bool());
    }

    private static String wasmPath(JsonValue json) {
        String path = json.text().startsWith("/") ? json.text().substring(1) : json.text();
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw json.refused("the path of a file inside the package, such as \"/chat.wasm\"");
            }
        }
        return path;
    }

    private static List<Asked> asked(JsonValue json, List<String> notices) {
        List<Asked> all = json.list(item -> {
            try {
                return asked(item);
            } catch (CodecException e) {
                notices.add(e.getMessage() + ": passed over");
                return Optional.<Asked>empty();
            }
        }).stream().flatMap(Optional::stream).toList();
        if (all.size() > MAX_CAPABILITIES) {
            throw new CodecException(json.where() + ": " + all.size() + " capabilities; at most " + MAX_CAPABILITIES
                    + " can be asked for");
        }
        return all;
    }

    private static Optional<Asked> asked(JsonValue item) {
        if (item.isText()) {
            return Optional.of(new Asked(MessageJson.processId(item), Capability.MESSAGING));
        }
        if (item.isObject()) {
            return Optional.of(new Asked(MessageJson.processId(item.field("process")), item.nullable("params").json()));
        }
        throw item.refused("a process id, or {\"process\", \"params\"}");
    }
}
