package org.ashlar.maven.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes the building blocks that WebAssembly's binary formats share. */
public final class ByteWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Raw bytes, each given as a number from 0 to 255. */
    public ByteWriter raw(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    public ByteWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** An unsigned LEB128 number. */
    public ByteWriter unsigned(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return this;
    }

    /** A signed LEB128 number. */
    public ByteWriter signed(int value) {
        int rest = value;
        while (rest < -64 || rest > 63) {
            out.write(rest & 0x7f | 0x80);
            rest >>= 7;
        }
        out.write(rest & 0x7f);
        return this;
    }

    /** A string: its length in bytes, then UTF-8. */
    public ByteWriter name(String text) {
        return sized(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A number of bytes, then the bytes. */
    public ByteWriter sized(byte[] bytes) {
        return unsigned(bytes.length).raw(bytes);
    }

    /** A vector: the count, then each element as {@code write} puts it. */
    public <T> ByteWriter vector(List<T> elements, BiConsumer<ByteWriter, T> write) {
        unsigned(elements.size());
        elements.forEach(element -> write.accept(this, element));
        return this;
    }

    /** A section: its number, its size, its content. */
    public ByteWriter section(int id, Consumer<ByteWriter> content) {
        ByteWriter inner = new ByteWriter();
        content.accept(inner);
        return raw(id).sized(inner.toBytes());
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
