package org.ashlar.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The encoding of values in scripts and journals. */
final class Percent {
    private static final String PLAIN = "-_.~:@/";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Percent() { }

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            char c = (char) (each & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
            text.append(plain ? String.valueOf(c) : "%" + HEX.toHexDigits(each));
        }
        return text.toString();
    }

    static String encode(String value) {
        return encode(value.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
