package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;

/**
 * A process as the kernel's table has it: the {@code proc} of a Debug answer (reference-kernel 4.1), and what a store
 * can keep of a process.
 *
 * @param wasmBytesHandle where its component lies, relative to {@code vfs}; empty for a system process
 * @param witVersion      the version of the guest world its package named; informational
 * @param onExit          what happens when it ends
 * @param capabilities    what it holds
 * @param isPublic        whether any local process may message it
 */
public record ProcessEntry(String wasmBytesHandle, Optional<Long> witVersion, OnExit onExit,
                           List<Capability> capabilities, boolean isPublic) {
    /** Longest text read, in bytes. */
    public static final int MAX_BYTES = 32 << 20;

    public ProcessEntry {
        capabilities = List.copyOf(capabilities);
    }

    /** @throws CodecException when it is none */
    public static ProcessEntry parse(byte[] json) {
        return read(JsonValue.parse("process entry", json, MAX_BYTES));
    }

    public byte[] encode() {
        return JsonText.utf8(write());
    }

    static ProcessEntry read(JsonValue json) {
        return new ProcessEntry(json.field("wasm_bytes_handle").text(), json.optional("wit_version").map(JsonValue::u32),
                OnExitJson.read(json.field("on_exit")), json.field("capabilities").list(MessageJson::capability),
                json.field("public").bool());
    }

    ObjectNode write() {
        ObjectNode json = object().put("wasm_bytes_handle", wasmBytesHandle).put("wit_version", witVersion.orElse(null));
        json.set("on_exit", OnExitJson.write(onExit));
        json.set("capabilities", list(capabilities, MessageJson::write));
        return json.put("public", isPublic);
    }
}
