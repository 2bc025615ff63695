package org.ashlar.maven.teavm;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.Store;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ashlar.maven.wasm.ArenaModule;

/**
 * Runs a compiled guest with its arena on an engine in this JVM and plays the host. Results are laid out by hand in
 * the arena, through its allocator, as a node would do it.
 */
final class GuestInstance {

    private final Instance arena;
    private final Instance guest;
    private final List<String> printed = new ArrayList<>();
    private final Supplier<byte[]> requests;
    private final Consumer<byte[]> responses;

    GuestInstance(byte[] core, Supplier<byte[]> requests, Consumer<byte[]> responses) {
        this.requests = requests;
        this.responses = responses;
        Store store = new Store();
        arena = Instance.builder(Parser.parse(ArenaModule.bytes())).build();
        store.register("arena", arena);
        WasmModule module = Parser.parse(core);
        for (int i = 0; i < module.importSection().importCount(); i++) {
            FunctionImport wanted = (FunctionImport) module.importSection().getImport(i);
            if (!wanted.module().equals("arena")) {
                store.addFunction(function(wanted, module.typeSection().getType(wanted.typeIndex())));
            }
        }
        guest = Instance.builder(module).withImportValues(store.toImportValues())
                .withMachineFactory(MachineFactoryCompiler.compile(module)).withStart(false).build();
    }

    /** Calls {@code init} and returns when the process ends. */
    void run(String our) {
        byte[] text = our.getBytes(StandardCharsets.UTF_8);
        guest.export("init").apply(store(text), text.length);
    }

    List<String> printed() {
        return printed;
    }

    private HostFunction function(FunctionImport wanted, FunctionType type) {
        return new HostFunction(wanted.module(), wanted.name(), type, (instance, arguments) -> switch (wanted.name()) {
            case "receive" -> receive((int) arguments[0]);
            case "send-response" -> respond((int) arguments[1], (int) arguments[2]);
            case "print-to-terminal" -> print((int) arguments[1], (int) arguments[2]);
            case "now" -> now((int) arguments[0]);
            case "get-random-u64" -> new long[] {Long.MIN_VALUE};
            default -> throw new IllegalStateException("the guest called " + wanted.name());
        });
    }

    private long[] receive(int result) {
        Memory memory = arena.memory();
        byte[] body = requests.get();
        memory.writeByte(result, (byte) 0);
        int address = result + 8;
        for (String part : List.of("a.os", "tester", "test", "ashlar.os")) {
            list(address, part.getBytes(StandardCharsets.UTF_8));
            address += 8;
        }
        int message = result + 40;
        memory.writeByte(message, (byte) 0);
        int request = message + 8;
        memory.writeByte(request, (byte) 0);
        memory.writeByte(request + 8, (byte) 1);
        memory.writeLong(request + 16, 5);
        list(request + 24, body);
        memory.writeByte(request + 32, (byte) 0);
        memory.writeI32(request + 44, 0);
        memory.writeI32(request + 48, 0);
        return new long[0];
    }

    private long[] respond(int body, int length) {
        responses.accept(arena.memory().readBytes(body, length));
        return new long[0];
    }

    private long[] print(int text, int length) {
        printed.add(new String(arena.memory().readBytes(text, length), StandardCharsets.UTF_8));
        return new long[0];
    }

    private long[] now(int result) {
        arena.memory().writeLong(result, 1_700_000_000L);
        arena.memory().writeI32(result + 8, 123_000_000);
        return new long[0];
    }

    private void list(int at, byte[] bytes) {
        arena.memory().writeI32(at, store(bytes));
        arena.memory().writeI32(at + 4, bytes.length);
    }

    private int store(byte[] bytes) {
        int block = (int) arena.export(ArenaModule.REALLOC).apply(0, 0, 1, bytes.length)[0];
        arena.memory().write(block, bytes);
        return block;
    }
}
