package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.optional;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.ProcessId;

/** What the kernel answers to a {@link KernelCommand} (reference-kernel 4.1). */
public sealed interface KernelResponse {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 64 << 20;

    /** @throws CodecException when {@code body} is no answer of the kernel */
    static KernelResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("kernel response", body, MAX_BYTES).variant();
        JsonValue content = answer.content();
        return switch (answer.name()) {
            case "InitializedProcess" -> answer.unit(new InitializedProcess());
            case "InitializeProcessError" -> answer.unit(new InitializeProcessError());
            case "ReplacedProcess" -> answer.unit(new ReplacedProcess());
            case "ReplaceProcessError" -> new ReplaceProcessError(content.text());
            case "StartedProcess" -> answer.unit(new StartedProcess());
            case "RunProcessError" -> answer.unit(new RunProcessError());
            case "KilledProcess" -> new KilledProcess(MessageJson.processId(content));
            case "Debug" -> debug(content.variant());
            default -> throw answer.unknown("InitializedProcess", "InitializeProcessError", "ReplacedProcess",
                    "ReplaceProcessError", "StartedProcess", "RunProcessError", "KilledProcess", "Debug");
        };
    }

    private static KernelResponse debug(JsonValue.Variant answer) {
        JsonValue content = answer.content();
        return switch (answer.name()) {
            case "ProcessMap" -> {
                Map<ProcessId, ProcessEntry> processes = new TreeMap<>();
                content.entries().forEach((id, entry) ->
                        processes.put(entry.identified(() -> ProcessId.parse(id)), ProcessEntry.read(entry)));
                yield new ProcessMap(processes);
            }
            case "Process" -> new Process(content.isNull() ? Optional.empty()
                    : Optional.of(ProcessEntry.read(content)));
            case "HasCap" -> new HasCap(content.isNull() ? Optional.empty() : Optional.of(content.bool()));
            default -> throw answer.unknown("ProcessMap", "Process", "HasCap");
        };
    }

    /** The body that says this. */
    default byte[] encode() {
        return JsonText.utf8(write());
    }

    private JsonNode write() {
        return switch (this) {
            case InitializedProcess it -> unit("InitializedProcess");
            case InitializeProcessError it -> unit("InitializeProcessError");
            case ReplacedProcess it -> unit("ReplacedProcess");
            case ReplaceProcessError(String reason) -> variant("ReplaceProcessError", text(reason));
            case StartedProcess it -> unit("StartedProcess");
            case RunProcessError it -> unit("RunProcessError");
            case KilledProcess(ProcessId id) -> variant("KilledProcess", text(id));
            case ProcessMap(Map<ProcessId, ProcessEntry> processes) -> {
                ObjectNode map = object();
                processes.forEach((id, entry) -> map.set(id.toString(), entry.write()));
                yield variant("Debug", variant("ProcessMap", map));
            }
            case Process(Optional<ProcessEntry> entry) ->
                    variant("Debug", variant("Process", optional(entry, ProcessEntry::write)));
            case HasCap(Optional<Boolean> holds) ->
                    variant("Debug", variant("HasCap", optional(holds, JsonText::bool)));
        };
    }

    record InitializedProcess() implements KernelResponse { }

    /** No blob, or the id is taken. Why stands in the log: the specification's answer has no room for it. */
    record InitializeProcessError() implements KernelResponse { }

    record ReplacedProcess() implements KernelResponse { }

    /** The process stays as it was. @param reason one line for a person */
    record ReplaceProcessError(String reason) implements KernelResponse { }

    record StartedProcess() implements KernelResponse { }

    /** There is no such process. */
    record RunProcessError() implements KernelResponse { }

    record KilledProcess(ProcessId id) implements KernelResponse { }

    record ProcessMap(Map<ProcessId, ProcessEntry> processes) implements KernelResponse {
        public ProcessMap {
            processes = Collections.unmodifiableMap(new TreeMap<>(processes));
        }
    }

    /** @param entry empty when there is no such process */
    record Process(Optional<ProcessEntry> entry) implements KernelResponse { }

    /** @param holds empty when there is no such process */
    record HasCap(Optional<Boolean> holds) implements KernelResponse { }
}
