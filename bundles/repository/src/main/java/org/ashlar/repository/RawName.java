package org.ashlar.repository;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names of files are bytes, mostly UTF-8 and not always. They are kept in a string of which each character stands for one byte
 * (ISO 8859-1): compared as the format orders them, and never damaged on the way.
 * <p>
 * In a tree a name is written as Go quotes a string, without the quotation marks: {@code \xff} is a byte that is no UTF-8.
 */
final class RawName {
    private static final String HEX = "0123456789abcdef";
    private static final String ESCAPES = "abfnrtv\\\"'";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"'";

    private RawName() { }

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** From ordinary text. */
    static String encode(String text) {
        return isAscii(text) ? text : of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** As text; empty when it is no UTF-8. */
    static Optional<String> decode(String raw) {
        if (isAscii(raw)) {
            return Optional.of(raw);
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes(raw)));
            return Optional.of(text.toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** For people: bytes that are no UTF-8 become replacement characters. */
    static String display(String raw) {
        return isAscii(raw) ? raw : new String(bytes(raw), StandardCharsets.UTF_8);
    }

    /** The last part of a path, byte for byte. The JDK shows bytes that are no text only in URIs. */
    static String of(Path path) {
        String text = path.getFileName().toString();
        if (isAscii(text)) {
            return text;
        }
        String uri = path.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        return unescape(uri.substring(uri.lastIndexOf('/', end - 1) + 1, end));
    }

    private static String unescape(String percent) {
        StringBuilder raw = new StringBuilder(percent.length());
        for (int i = 0; i < percent.length(); i++) {
            char c = percent.charAt(i);
            if (c == '%') {
                raw.append((char) Integer.parseInt(percent, i + 1, i + 3, 16));
                i += 2;
            } else {
                raw.append(c);
            }
        }
        return raw.toString();
    }

    /** The path of that name in a folder. */
    static Path resolve(Path folder, String raw) {
        if (isAscii(raw)) {
            return folder.resolve(raw);
        }
        return Path.of(URI.create(withSlash(folder.toUri().toString()) + escape(raw)));
    }

    private static String withSlash(String uri) {
        return uri.endsWith("/") ? uri : uri + '/';
    }

    private static String escape(String raw) {
        StringBuilder percent = new StringBuilder(raw.length() * 3);
        for (int i = 0; i < raw.length(); i++) {
            int c = raw.charAt(i);
            percent.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
        }
        return percent.toString();
    }

    /** A link's target as a path. */
    static Path path(String raw, Path like) {
        if (isAscii(raw)) {
            return like.getFileSystem().getPath(raw);
        }
        Path root = Path.of("/");
        Path absolute = root;
        for (String part : raw.split("/")) {
            absolute = part.isEmpty() ? absolute : resolve(absolute, part);
        }
        return raw.startsWith("/") ? absolute : root.relativize(absolute);
    }

    /** A whole path, byte for byte. */
    static String ofAll(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text;
        }
        StringBuilder raw = new StringBuilder(path.isAbsolute() ? "/" : "");
        for (int i = 0; i < path.getNameCount(); i++) {
            // Each part alone: toUri makes a relative path absolute, and only its last part is looked at.
            raw.append(i == 0 ? "" : "/").append(of(path.getName(i)));
        }
        return raw.toString();
    }

    /** As it stands in a tree. */
    static String quote(String raw) {
        if (isPlain(raw)) {
            return raw;
        }
        StringBuilder quoted = new StringBuilder(raw.length() + 16);
        byte[] bytes = bytes(raw);
        for (int i = 0; i < bytes.length;) {
            int length = utf8(bytes, i);
            if (length == 0) {
                hex(quoted, bytes[i]);
                i++;
            } else {
                String character = new String(bytes, i, length, StandardCharsets.UTF_8);
                quoteOne(quoted, character.codePointAt(0));
                i += length;
            }
        }
        return quoted.toString();
    }

    private static boolean isPlain(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static void quoteOne(StringBuilder quoted, int c) {
        int escape = c == '\'' ? -1 : ESCAPED.indexOf(c);
        if (escape >= 0) {
            quoted.append('\\').append(ESCAPES.charAt(escape));
        } else if (c < 0x20 || c == 0x7f) {
            hex(quoted, (byte) c);
        } else if (Character.isISOControl(c) || c == 0xad || !Character.isDefined(c) || isInvisible(c)) {
            quoted.append(c > 0xffff ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
        } else {
            quoted.appendCodePoint(c);
        }
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.PRIVATE_USE, Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> c != ' ';
            default -> false;
        };
    }

    private static void hex(StringBuilder quoted, byte b) {
        quoted.append("\\x").append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
    }

    /** How many bytes the character at {@code at} has; 0 when there is no well-formed one. */
    private static int utf8(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3
                : first >= 0xf0 && first < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        int value = length == 1 ? first : first & 0xff >> length + 1;
        for (int i = 1; i < length; i++) {
            int next = bytes[at + i] & 0xff;
            if ((next & 0xc0) != 0x80) {
                return 0;
            }
            value = value << 6 | next & 0x3f;
        }
        boolean sound = switch (length) {
            case 3 -> value >= 0x800 && (value < 0xd800 || value > 0xdfff);
            case 4 -> value >= 0x10000 && value <= 0x10ffff;
            default -> true;
        };
        return sound ? length : 0;
    }

    /** From what stands in a tree. */
    static String unquote(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return encode(quoted);
        }
        StringBuilder raw = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length();) {
            int c = quoted.codePointAt(i);
            if (c != '\\') {
                raw.append(encode(Character.toString(c)));
                i += Character.charCount(c);
                continue;
            }
            char kind = i + 1 < quoted.length() ? quoted.charAt(i + 1) : 0;
            int digits = switch (kind) {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                case '0', '1', '2', '3' -> 3;
                default -> 0;
            };
            if (digits == 0) {
                int escape = ESCAPES.indexOf(kind);
                if (escape < 0) {
                    throw new DamagedException("tree: \"" + Text.shown(quoted) + "\" is not quoted as it should be");
                }
                raw.append(ESCAPED.charAt(escape));
                i += 2;
            } else {
                int begin = kind >= '0' && kind <= '3' ? i + 1 : i + 2;
                int value = number(quoted, begin, digits, begin == i + 1 ? 8 : 16);
                raw.append(digits > 3 ? encode(Character.toString(value)) : String.valueOf((char) (value & 0xff)));
                i = begin + digits;
            }
        }
        return raw.toString();
    }

    private static int number(String text, int begin, int digits, int radix) {
        long value = 0;
        for (int i = begin; i < begin + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                throw new DamagedException("tree: \"" + Text.shown(text) + "\" is not quoted as it should be");
            }
            value = value * radix + digit;
        }
        if (value > Character.MAX_CODE_POINT || digits > 3 && value >= 0xd800 && value <= 0xdfff) {
            throw new DamagedException("tree: \"" + Text.shown(text) + "\" holds no character");
        }
        return (int) value;
    }
}
