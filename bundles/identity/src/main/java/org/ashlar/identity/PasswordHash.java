package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.CharBuffer;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106, version 1.3): how a password becomes a key of 32 bytes.
 *
 * @param memory KiB; bounded, because a file from elsewhere says how much of the heap is taken
 * @param passes over that memory; bounded, because it says how long that takes
 * @param lanes  computed one after the other here
 * @param salt   {@link #SALT} bytes
 */
record PasswordHash(int memory, int passes, int lanes, byte[] salt) {
    static final int SALT = 32;
    /** KiB: 64 MiB, as RFC 9106 recommends where memory is scarce. */
    static final int MEMORY = 65_536;
    static final int PASSES = 3;
    static final int LANES = 1;
    /** KiB: no file is read that asks for more. */
    static final int MAX_MEMORY = 131_072;
    static final int MAX_PASSES = 16;
    static final int MAX_LANES = 4;
    /** KiB for each lane, the algorithm's own bound. */
    private static final int MIN_LANE = 8;
    private static final int KEY = 32;
    private static final Pattern LINE = Pattern.compile(
            "argon2id memory=([1-9][0-9]{0,5}) passes=([1-9][0-9]?) lanes=([1-9]) salt=([0-9a-f]{" + 2 * SALT + "})");

    /** The cost that this version asks for, and a new salt. */
    static PasswordHash fresh() {
        return fresh(MEMORY, PASSES);
    }

    static PasswordHash fresh(int memory, int passes) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(memory, passes, LANES, salt);
    }

    static PasswordHash of(String line) throws KeyfileException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new KeyfileException("its line about Argon2id is none");
        }
        PasswordHash hash = new PasswordHash(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)), HexFormat.of().parseHex(matcher.group(4)));
        if (hash.memory > MAX_MEMORY || hash.passes > MAX_PASSES || hash.lanes > MAX_LANES || hash.memory < MIN_LANE * hash.lanes) {
            throw new KeyfileException("it asks for Argon2id with " + hash.memory + " KiB, " + hash.passes + " passes and " + hash.lanes
                    + " lanes; at most " + MAX_MEMORY + ", " + MAX_PASSES + " and " + MAX_LANES + " are computed");
        }
        return hash;
    }

    String line() {
        return "argon2id memory=" + memory + " passes=" + passes + " lanes=" + lanes + " salt=" + HexFormat.of().formatHex(salt);
    }

    /** The key; takes {@link #memory} of heap and, at the cost of this version, some tenths of a second. */
    byte[] keyOf(char[] password) {
        byte[] text = utf8(password);
        byte[] key = argon2id(text, salt, memory, passes, lanes, KEY);
        Arrays.fill(text, (byte) 0);
        return key;
    }

    static byte[] argon2id(byte[] password, byte[] salt, int memory, int passes, int lanes, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory).withIterations(passes).withParallelism(lanes).withSalt(salt).build());
        byte[] key = new byte[length];
        generator.generateBytes(password, key);
        return key;
    }

    /** The password's bytes: the same however a keyboard composes its letters (NFC). */
    static byte[] utf8(char[] password) {
        return Normalizer.normalize(CharBuffer.wrap(password), Normalizer.Form.NFC).getBytes(UTF_8);
    }
}
