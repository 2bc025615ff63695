package org.ashlar.process;

import java.nio.charset.StandardCharsets;

/**
 * Text to UTF-8 and back. Names and most bodies are ASCII, for which TeaVM's general coder costs ten times what is
 * done here.
 */
final class Utf8 {

    private Utf8() {
    }

    static byte[] encode(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = text.charAt(i);
            if (c > 0x7f) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) c;
        }
        return bytes;
    }

    static String decode(byte[] bytes) {
        char[] chars = new char[bytes.length];
        for (int i = 0; i < chars.length; i++) {
            if (bytes[i] < 0) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
            chars[i] = (char) bytes[i];
        }
        return new String(chars);
    }
}
