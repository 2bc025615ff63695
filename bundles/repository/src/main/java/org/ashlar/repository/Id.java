package org.ashlar.repository;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest: the name of a file in a repository (of its sealed bytes) or of a blob (of its plaintext). */
public record Id(long a, long b, long c, long d) {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** What the digest is given at once: the JVM takes the processor's SHA-256 for what is called often, however much each call does. */
    private static final int PIECE = 8 << 10;

    static Id read(byte[] bytes, int offset) {
        return new Id((long) LONG.get(bytes, offset), (long) LONG.get(bytes, offset + 8), (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    void write(byte[] bytes, int offset) {
        LONG.set(bytes, offset, a);
        LONG.set(bytes, offset + 8, b);
        LONG.set(bytes, offset + 16, c);
        LONG.set(bytes, offset + 24, d);
    }

    /** Reads 64 digits of lower-case hexadecimal. @throws DamagedException when it is something else */
    public static Id parse(String text) {
        if (!isId(text)) {
            throw new DamagedException("\"" + Text.shown(text) + "\" is no id: 64 digits of lower-case hexadecimal");
        }
        return read(HexFormat.of().parseHex(text), 0);
    }

    static boolean isId(String text) {
        if (text.length() != 2 * BYTES) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    static Id of(byte[] content, int offset, int length) {
        return of(ByteBuffer.wrap(content, offset, length));
    }

    static Id of(byte[] content) {
        return of(content, 0, content.length);
    }

    static Id of(ByteBuffer content) {
        MessageDigest digest = sha256();
        ByteBuffer rest = content.duplicate();
        while (rest.hasRemaining()) {
            int end = rest.limit();
            rest.limit(Math.min(end, rest.position() + PIECE));
            digest.update(rest);
            rest.limit(end);
        }
        return read(digest.digest(), 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The first eight digits: enough for a person. */
    public String brief() {
        return toString().substring(0, 8);
    }

    @Override
    public String toString() {
        byte[] bytes = new byte[BYTES];
        write(bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public int hashCode() {
        return (int) b; // a digest's bits are as good as any hash of them
    }
}
