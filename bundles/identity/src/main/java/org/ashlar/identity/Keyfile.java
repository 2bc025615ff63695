package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;

/**
 * What the file {@code identity/node} holds: lines of text, the first of which names the version, the last of which is
 * {@code check <SHA-256 of the lines before, hex>}. Version 1 has the key in clear ({@link Plain}), version 2 sealed
 * with a password ({@link Sealed}).
 */
sealed interface Keyfile permits Keyfile.Plain, Sealed {
    /** How the first line begins. */
    String HEAD = "ashlar-identity ";
    /** The longest file of either version, in bytes. */
    int MAX_BYTES = 1024;

    /** The node's name. */
    String name();

    /** The node's Ed25519 public key, 32 bytes. */
    byte[] publicKey();

    /** The lines of the file without the last one. */
    List<String> lines();

    /** The whole file. */
    default byte[] bytes() {
        return (String.join("\n", lines()) + "\ncheck " + check(lines()) + "\n").getBytes(UTF_8);
    }

    /** @throws KeyfileException with what is wrong; a version that is newer than this program is told apart */
    static Keyfile parse(byte[] bytes) throws KeyfileException {
        if (bytes.length > MAX_BYTES) {
            throw new KeyfileException("it is longer than " + MAX_BYTES + " bytes");
        }
        List<String> lines = new String(bytes, UTF_8).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().startsWith(HEAD)) {
            throw new KeyfileException("it does not begin with \"" + HEAD + Plain.VERSION + "\" or \"" + HEAD + Sealed.VERSION + '"');
        }
        String version = lines.getFirst().substring(HEAD.length());
        if (!version.equals(Plain.VERSION) && !version.equals(Sealed.VERSION)) {
            throw new KeyfileException.Newer(version);
        }
        List<String> before = lines.subList(0, lines.size() - 1);
        if (!lines.getLast().equals("check " + check(before))) {
            throw new KeyfileException("its lines do not match its check line");
        }
        return version.equals(Plain.VERSION) ? Plain.of(before) : Sealed.of(before);
    }

    /** The key in clear: {@code name …}, {@code seed <64 hex>}. */
    record Plain(NodeKey key) implements Keyfile {
        static final String VERSION = "1";

        static Plain of(List<String> lines) throws KeyfileException {
            requireLines(lines, 3);
            return new Plain(new NodeKey(nodeName(lines.get(1)), hexAfter("seed ", lines.get(2), NodeKey.SEED)));
        }

        @Override
        public String name() {
            return key.name();
        }

        @Override
        public byte[] publicKey() {
            return key.publicKey();
        }

        @Override
        public List<String> lines() {
            return List.of(HEAD + VERSION, "name " + name(), "seed " + HexFormat.of().formatHex(key.seed()));
        }
    }

    static void requireLines(List<String> lines, int count) throws KeyfileException {
        if (lines.size() != count) {
            throw new KeyfileException("it has " + (lines.size() + 1) + " lines instead of " + (count + 1));
        }
    }

    static String nodeName(String line) throws KeyfileException {
        try {
            return NodeName.checked(after("name ", line));
        } catch (IdentifierException e) {
            throw new KeyfileException("the name in it is none: " + e.getMessage());
        }
    }

    /** The {@code length} bytes that {@code line} gives in hex after {@code word}. */
    static byte[] hexAfter(String word, String line, int length) throws KeyfileException {
        String hex = after(word, line);
        if (hex.length() != 2 * length || !hex.matches("[0-9a-f]*")) {
            throw new KeyfileException("after \"" + word.strip() + "\" there are not " + length + " bytes in hex");
        }
        return HexFormat.of().parseHex(hex);
    }

    static String after(String word, String line) throws KeyfileException {
        if (!line.startsWith(word)) {
            throw new KeyfileException("a line that should begin with \"" + word + "\" does not");
        }
        return line.substring(word.length());
    }

    private static String check(List<String> lines) {
        return HexFormat.of().formatHex(sha256((String.join("\n", lines) + '\n').getBytes(UTF_8)));
    }

    /** The SHA-256 of {@code bytes}. */
    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Whether both stand for the same node. */
    static boolean sameKey(Keyfile one, Keyfile other) {
        return Arrays.equals(one.publicKey(), other.publicKey());
    }
}
