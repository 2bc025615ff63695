package org.ashlar.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The form in which compiled code lies on disk, big-endian: {@link #MAGIC}, the key, the machine's class name, interpreted
 * functions (count; index and name each), classes (count; name, length and bytes each), and the SHA-256 digest of all
 * that. The digest tells damage; it does not tell forgery: who can write the folder can run code here.
 */
final class CodeFile {
    private static final int MAGIC = 0x41574331; // "AWC1"

    private CodeFile() { }

    static byte[] write(String key, CompiledCode code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeUTF(key);
            out.writeUTF(code.machine());
            out.writeInt(code.interpreted().size());
            for (Map.Entry<Integer, String> function : code.interpreted().entrySet()) {
                out.writeInt(function.getKey());
                out.writeUTF(Lines.first(function.getValue()));
            }
            out.writeInt(code.classes().size());
            for (Map.Entry<String, byte[]> file : code.classes().entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
        }
        byte[] digest = Digests.sha256(bytes.toByteArray());
        bytes.writeBytes(digest);
        return bytes.toByteArray();
    }

    /** @throws IOException when these are not the bytes that {@link #write} made for this key */
    static CompiledCode read(String key, byte[] file) throws IOException {
        int end = file.length - Digests.LENGTH;
        if (end < 0 || !Arrays.equals(Digests.sha256(Arrays.copyOf(file, end)),
                Arrays.copyOfRange(file, end, file.length))) {
            throw new IOException("its digest does not fit its content");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, 0, end));
        if (in.readInt() != MAGIC || !in.readUTF().equals(key)) {
            throw new IOException("it holds something else");
        }
        String machine = in.readUTF();
        Map<Integer, String> interpreted = new TreeMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            interpreted.put(in.readInt(), in.readUTF());
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            String name = in.readUTF();
            classes.put(name, in.readNBytes(in.readInt()));
        }
        return new CompiledCode(machine, classes, interpreted);
    }
}
