package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.KernelCommand.Booted;
import org.ashlar.codec.KernelCommand.DebugHasCap;
import org.ashlar.codec.KernelCommand.DebugProcess;
import org.ashlar.codec.KernelCommand.DebugProcessMap;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelCommand.DropCapabilities;
import org.ashlar.codec.KernelCommand.GrantCapabilities;
import org.ashlar.codec.KernelCommand.InitializeProcess;
import org.ashlar.codec.KernelCommand.KillProcess;
import org.ashlar.codec.KernelCommand.ReplaceProcess;
import org.ashlar.codec.KernelCommand.RunProcess;
import org.ashlar.codec.KernelCommand.SetOnExit;
import org.ashlar.codec.KernelCommand.Shutdown;

/** Reads and writes {@link KernelCommand}. */
final class KernelCommandJson {
    private KernelCommandJson() { }

    static KernelCommand read(JsonValue json) {
        JsonValue.Variant command = json.variant();
        JsonValue content = command.content();
        return switch (command.name()) {
            case "Booted" -> command.unit(new Booted());
            case "InitializeProcess" -> new InitializeProcess(definition(content));
            case "ReplaceProcess" -> new ReplaceProcess(definition(content));
            case "RunProcess" -> new RunProcess(MessageJson.processId(content));
            case "KillProcess" -> new KillProcess(MessageJson.processId(content));
            case "GrantCapabilities" -> new GrantCapabilities(target(content), capabilities(content));
            case "DropCapabilities" -> new DropCapabilities(target(content), capabilities(content));
            case "SetOnExit" -> new SetOnExit(target(content), OnExitJson.read(content.field("on_exit")));
            case "Shutdown" -> command.unit(new Shutdown());
            case "Debug" -> debug(content.variant());
            default -> throw command.unknown("Booted", "InitializeProcess", "ReplaceProcess", "RunProcess",
                    "KillProcess", "GrantCapabilities", "DropCapabilities", "SetOnExit", "Shutdown", "Debug");
        };
    }

    private static KernelCommand debug(JsonValue.Variant query) {
        JsonValue content = query.content();
        return switch (query.name()) {
            case "ProcessMap" -> query.unit(new DebugProcessMap());
            case "Process" -> new DebugProcess(MessageJson.processId(content));
            case "HasCap" -> new DebugHasCap(MessageJson.processId(content.field("on")),
                    MessageJson.capability(content.field("cap")));
            default -> throw query.unknown("ProcessMap", "Process", "HasCap");
        };
    }

    private static Definition definition(JsonValue json) {
        return new Definition(MessageJson.processId(json.field("id")), json.field("wasm_bytes_handle").text(),
                json.optional("wit_version").map(JsonValue::u32), OnExitJson.read(json.field("on_exit")),
                json.field("initial_capabilities").list(MessageJson::capability), json.field("public").bool());
    }

    private static ProcessId target(JsonValue json) {
        return MessageJson.processId(json.field("target"));
    }

    private static List<Capability> capabilities(JsonValue json) {
        return json.field("capabilities").list(MessageJson::capability);
    }

    static JsonNode write(KernelCommand command) {
        return switch (command) {
            case Booted booted -> unit("Booted");
            case InitializeProcess(Definition definition) -> variant("InitializeProcess", write(definition));
            case ReplaceProcess(Definition definition) -> variant("ReplaceProcess", write(definition));
            case RunProcess(ProcessId id) -> variant("RunProcess", text(id));
            case KillProcess(ProcessId id) -> variant("KillProcess", text(id));
            case GrantCapabilities(ProcessId target, List<Capability> capabilities) ->
                    variant("GrantCapabilities", write(target, capabilities));
            case DropCapabilities(ProcessId target, List<Capability> capabilities) ->
                    variant("DropCapabilities", write(target, capabilities));
            case SetOnExit(ProcessId target, OnExit onExit) -> variant("SetOnExit",
                    object().put("target", target.toString()).set("on_exit", OnExitJson.write(onExit)));
            case Shutdown shutdown -> unit("Shutdown");
            case DebugProcessMap map -> variant("Debug", unit("ProcessMap"));
            case DebugProcess(ProcessId id) -> variant("Debug", variant("Process", text(id)));
            case DebugHasCap(ProcessId on, Capability capability) -> variant("Debug", variant("HasCap",
                    object().put("on", on.toString()).set("cap", MessageJson.write(capability))));
        };
    }

    private static JsonNode write(Definition definition) {
        ObjectNode json = object().put("id", definition.id().toString())
                .put("wasm_bytes_handle", definition.wasmBytesHandle())
                .put("wit_version", definition.witVersion().orElse(null));
        json.set("on_exit", OnExitJson.write(definition.onExit()));
        json.set("initial_capabilities", list(definition.initialCapabilities(), MessageJson::write));
        return json.put("public", definition.isPublic());
    }

    private static JsonNode write(ProcessId target, List<Capability> capabilities) {
        return object().put("target", target.toString()).set("capabilities", list(capabilities, MessageJson::write));
    }
}
