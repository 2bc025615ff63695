package org.ashlar.repository;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * The master key, sealed with a key that scrypt derives from a password. A repository may have several, one for each password.
 *
 * @param hostname where it was made, for people
 * @param salt     64 random bytes
 * @param data     the sealed master key
 */
record KeyFile(Stamp created, String hostname, String username, Cost cost, byte[] salt, byte[] data) {
    private static final int SALT = 64;
    private static final int MAX_DATA = 4096;

    /**
     * What a guess costs.
     *
     * @param n rounds, a power of two
     * @param r block size; {@code 128·n·r} bytes of memory are needed
     * @param p how often
     */
    record Cost(int n, int r, int p) {
        /** 32 MiB of memory, three times: what OWASP's password storage guide gives as one of its equivalent choices. */
        static final Cost STRONG = new Cost(1 << 15, 8, 3);
        private static final long MAX_MEMORY = 256L << 20;
        private static final long MAX_WORK = 1L << 27;

        Cost {
            boolean sound = n > 1 && Integer.bitCount(n) == 1 && r > 0 && p > 0 && r <= 64 && p <= 1024;
            if (!sound || 128L * n * r > MAX_MEMORY || (long) n * r * p > MAX_WORK) {
                throw new DamagedException("a key file that asks for too much: scrypt with N=" + n + ", r=" + r + ", p=" + p
                        + "; at most 256 MiB and 2^27 steps are spent on one");
            }
        }
    }

    static KeyFile create(MasterKey master, char[] password, Cost cost, Stamp created, String hostname, String username,
            SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        byte[] json = Document.write(generator -> {
            generator.writeObjectFieldStart("mac");
            generator.writeStringField("k", Base64.getEncoder().encodeToString(master.macK()));
            generator.writeStringField("r", Base64.getEncoder().encodeToString(master.macR()));
            generator.writeEndObject();
            generator.writeStringField("encrypt", Base64.getEncoder().encodeToString(master.encrypt()));
        });
        return new KeyFile(created, hostname, username, cost, salt, derive(password, salt, cost, random).seal(json));
    }

    /** The master key. @throws DamagedException when the password is another one, or the file was changed */
    MasterKey open(char[] password, SecureRandom random) {
        Document document = Document.parse("master key", derive(password, salt, cost, random).open(data));
        Document mac = document.object("mac");
        return new MasterKey(document.base64("encrypt"), mac.base64("k"), mac.base64("r"), random);
    }

    private static MasterKey derive(char[] password, byte[] salt, Cost cost, SecureRandom random) {
        var encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.limit());
        Arrays.fill(encoded.array(), (byte) 0);
        try {
            return MasterKey.of(SCrypt.generate(bytes, salt, cost.n(), cost.r(), cost.p(), MasterKey.BYTES), random);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static KeyFile parse(byte[] json) {
        Document document = Document.parse("key file", json);
        if (!document.text("kdf").equals("scrypt")) {
            throw new DamagedException("key file: \"" + Text.shown(document.text("kdf")) + "\" instead of scrypt");
        }
        Cost cost = new Cost((int) document.number("N", 2, 1 << 30), (int) document.number("r", 1, 64), (int) document.number("p", 1, 1024));
        byte[] salt = document.base64("salt");
        byte[] data = document.base64("data");
        if (salt.length < 8 || salt.length > 1024 || data.length > MAX_DATA) {
            throw new DamagedException("key file: " + salt.length + " bytes of salt, " + data.length + " of data");
        }
        return new KeyFile(document.optionalText("created").map(Stamp::parse).orElse(Stamp.ZERO),
                document.optionalText("hostname").orElse(""), document.optionalText("username").orElse(""), cost, salt, data);
    }

    byte[] json() {
        return Document.write(generator -> {
            generator.writeStringField("created", created.toString());
            generator.writeStringField("username", username);
            generator.writeStringField("hostname", hostname);
            generator.writeStringField("kdf", "scrypt");
            generator.writeNumberField("N", cost.n());
            generator.writeNumberField("r", cost.r());
            generator.writeNumberField("p", cost.p());
            generator.writeStringField("salt", Base64.getEncoder().encodeToString(salt));
            generator.writeStringField("data", Base64.getEncoder().encodeToString(data));
        });
    }
}
