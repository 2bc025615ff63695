package org.ashlar.component;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

import org.ashlar.component.binary.Definition.StringEncoding;

/**
 * Text in one of the three encodings. Lowering knows the length beforehand and asks for exactly so many bytes once, which the
 * specification allows instead of guessing and correcting.
 */
abstract class StringCodec extends PointerCodec {
    private static final int UTF16_TAG = 1 << 31;
    private static final Codec UTF8 = new Utf8();
    private static final Codec UTF16 = new Utf16();
    private static final Codec LATIN1_OR_UTF16 = new Latin1OrUtf16();

    static Codec of(StringEncoding encoding) {
        return switch (encoding) {
            case UTF8 -> UTF8;
            case UTF16 -> UTF16;
            case LATIN1_UTF16 -> LATIN1_OR_UTF16;
        };
    }

    static byte[] content(Abi abi, int address, int alignment, long bytes) {
        int size = abi.checkContent(address, alignment, bytes, "string");
        return abi.memory.read(address, size);
    }

    static long put(Abi abi, byte[] bytes, int alignment, int codeUnits) {
        int address = abi.allocate(alignment, bytes.length, "string");
        abi.memory.write(address, bytes, 0, bytes.length);
        return pair(address, codeUnits);
    }

    static String utf16(byte[] bytes) {
        return decode(bytes, StandardCharsets.UTF_16LE, "invalid utf-16", "incomplete utf-16 code unit sequence");
    }

    static String decode(byte[] bytes, Charset charset, String malformed, String incomplete) {
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        var decoder = charset.newDecoder();
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, false);
        if (result.isError()) {
            throw new ComponentTrap(malformed);
        }
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ComponentTrap(incomplete, e);
        }
    }

    static byte[] encode(Object value, Charset charset) {
        String text = (String) value;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int codePoint = text.codePointAt(i);
                if (!Character.isSupplementaryCodePoint(codePoint)) {
                    throw new IllegalArgumentException("the text has an unpaired surrogate at " + i);
                }
                i++;
            }
        }
        return text.getBytes(charset);
    }

    private static final class Utf8 extends StringCodec {
        @Override
        Object loadContent(Abi abi, Call call, int address, int length) {
            if (length == 0) {
                abi.checkContent(address, 1, 0, "string");
                return "";
            }
            boolean isShort = Integer.compareUnsigned(length, Texts.LONGEST) <= 0;
            if (isShort) {
                abi.checkContent(address, 1, length, "string");
                String known = abi.instance.texts.find(abi.memory, address, length);
                if (known != null) {
                    return known;
                }
            }
            byte[] bytes = isShort ? abi.memory.read(address, length) : content(abi, address, 1, unsigned(length));
            for (byte b : bytes) {
                if (b < 0) {
                    return decode(bytes, StandardCharsets.UTF_8, "invalid utf-8", "incomplete utf-8 byte sequence");
                }
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (isShort) {
                abi.instance.texts.remember(text);
            }
            return text;
        }

        @Override
        long storeContent(Abi abi, Call call, Object value) {
            String text = (String) value;
            if (text.length() <= Texts.LONGEST && isAscii(text)) {
                int address = abi.allocate(1, text.length(), "string");
                for (int i = 0; i < text.length(); i++) {
                    abi.memory.writeByte(address + i, (byte) text.charAt(i));
                }
                return pair(address, text.length());
            }
            byte[] bytes = encode(text, StandardCharsets.UTF_8);
            return put(abi, bytes, 1, bytes.length);
        }

        private static boolean isAscii(String text) {
            int all = 0;
            for (int i = 0; i < text.length(); i++) {
                all |= text.charAt(i);
            }
            return all < 0x80;
        }
    }

    private static final class Utf16 extends StringCodec {
        @Override
        Object loadContent(Abi abi, Call call, int address, int length) {
            return utf16(content(abi, address, 2, unsigned(length) * 2));
        }

        @Override
        long storeContent(Abi abi, Call call, Object value) {
            byte[] bytes = encode(value, StandardCharsets.UTF_16LE);
            return put(abi, bytes, 2, bytes.length / 2);
        }
    }

    private static final class Latin1OrUtf16 extends StringCodec {
        @Override
        Object loadContent(Abi abi, Call call, int address, int length) {
            if ((length & UTF16_TAG) != 0) {
                return utf16(content(abi, address, 2, (length ^ UTF16_TAG) * 2L));
            }
            return new String(content(abi, address, 2, length), StandardCharsets.ISO_8859_1);
        }

        @Override
        long storeContent(Abi abi, Call call, Object value) {
            String text = (String) value;
            if (text.chars().allMatch(c -> c < 0x100)) {
                return put(abi, text.getBytes(StandardCharsets.ISO_8859_1), 2, text.length());
            }
            byte[] bytes = encode(value, StandardCharsets.UTF_16LE);
            return put(abi, bytes, 2, bytes.length / 2 | UTF16_TAG);
        }
    }
}
