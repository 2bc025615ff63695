package org.ashlar.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Optional;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/** Writes MessagePack as rmp-serde does (reference-modules 1.3). */
final class PackWriter {
    private static final byte UINT8 = (byte) 0xcc;
    /** Room for all of a small message but its bytes; the default of 8 192 had the JVM write zeros for a twelfth of its time. */
    private static final MessagePack.PackerConfig SMALL = new MessagePack.PackerConfig().withBufferSize(512);

    private PackWriter() { }

    /** What {@code packing} writes. */
    static byte[] pack(Packing packing) {
        try (MessageBufferPacker out = SMALL.newBufferPacker()) {
            packing.write(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void text(MessagePacker out, Optional<?> text) throws IOException {
        if (text.isPresent()) {
            out.packString(text.get().toString());
        } else {
            out.packNil();
        }
    }

    static void texts(MessagePacker out, Collection<String> texts) throws IOException {
        out.packArrayHeader(texts.size());
        for (String text : texts) {
            out.packString(text);
        }
    }

    static void u64(MessagePacker out, long value) throws IOException {
        if (value >= 0) {
            out.packLong(value);
        } else {
            out.packBigInteger(new BigInteger(Long.toUnsignedString(value)));
        }
    }

    /** A list of integers, as rmp-serde has it. Built in one piece: this is where a large message spends its time. */
    static void bytes(MessagePacker out, byte[] bytes) throws IOException {
        out.packArrayHeader(bytes.length);
        int large = 0;
        for (byte b : bytes) {
            large += (b & 0x80) >>> 7;
        }
        byte[] items = new byte[bytes.length + large];
        int at = 0;
        for (byte b : bytes) {
            if (b < 0) {
                items[at++] = UINT8;
            }
            items[at++] = b;
        }
        out.addPayload(items);
    }

    static void bin(MessagePacker out, byte[] bytes) throws IOException {
        out.packBinaryHeader(bytes.length);
        out.addPayload(bytes);
    }

    /** How bytes are written. */
    interface Bytes {
        void write(MessagePacker out, byte[] bytes) throws IOException;
    }

    interface Packing {
        void write(MessagePacker out) throws IOException;
    }
}
