package org.ashlar.tck;

import static org.ashlar.tck.Code.code;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;

/** Small valid modules that between them have all sections, for fuzz tests to begin with. */
public final class CoreModules {
    private CoreModules() { }

    public static List<byte[]> seeds() {
        CoreModule computing = new CoreModule().memory(1, 2).global("g", 3).activeData(8, new byte[] {1, 2, 3});
        computing.function("load", "i:l", code().get(0).access(Code.I64_LOAD, 0));
        computing.function("loop", "i:i", 1, code().loop().get(1).i32(1).op(Code.I32_ADD).set(1)
                .get(1).get(0).op(Code.I32_SUB).branchIf(0).op(Code.END).get(1));
        CoreModule linked = new CoreModule().importMemory("m", "memory", 1).table(2, 4).tag("t", "i:");
        int imported = linked.importFunction("m", "f", "id:lf");
        int own = linked.function("f", "i:", code().get(0).throwTag(0));
        linked.function("call", "i:", code().get(0).i32(1).callIndirect(linked.type("i:"), 0));
        linked.element(0, imported, own).passiveData(new byte[9]).start(linked.function("s", ":", code()));
        return List.of(new CoreModule().bytes(), computing.bytes(), linked.bytes());
    }

    /** The same, and valid modules made by {@code wasm-opt -ttf} (Binaryen) from random bytes. */
    public static List<byte[]> random() throws IOException {
        List<byte[]> modules = new ArrayList<>(seeds());
        try (ZipInputStream zip = new ZipInputStream(CoreModules.class.getResourceAsStream("/random-modules.zip"))) {
            while (zip.getNextEntry() != null) {
                modules.add(zip.readAllBytes());
            }
        }
        return modules;
    }
}
