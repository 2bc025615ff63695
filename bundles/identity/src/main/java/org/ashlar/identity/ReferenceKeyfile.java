package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;

/**
 * The keyfile of the reference implementation (reference-modules 2.1, case M31): a JSON array of the name, the routers, a salt, and
 * three secrets, each AES-256-GCM under one key that PBKDF2-HMAC-SHA256 makes of a text. That text is the password itself
 * on nodes of its simulation, else {@code 0x} and the hex of an Argon2id hash that is salted with the name. Of the secrets only the
 * node's key is of use here; the other two, for web logins and for nothing, are written anew at their full length.
 *
 * @param key, webSecret, fileSecret 12 bytes of nonce, ciphertext and tag
 */
record ReferenceKeyfile(String name, List<String> routers, byte[] salt, byte[] key, byte[] webSecret, byte[] fileSecret) {
    /** The longest file, in bytes. */
    static final int MAX_BYTES = 64 * 1024;
    static final int ITERATIONS = 1_000_000;
    private static final int MAX_STRING = 1024;
    private static final int MAX_ROUTERS = 256;
    private static final int MAX_SECRET = 1024;
    private static final int SALT = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int SECRET = 32;
    private static final int LOGIN_MEMORY = 19_456;
    private static final int LOGIN_PASSES = 2;
    /** Argon2 takes no shorter salt. */
    private static final int SHORTEST_SALT = 8;
    /** PKCS#8 (RFC 5958) of an Ed25519 key, before its seed, and between that and its public key. */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("3051020101300506032b657004220420");
    private static final byte[] PKCS8_PUBLIC = HexFormat.of().parseHex("812100");
    private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(4).maxStringLength(MAX_STRING).maxNumberLength(8).build()).build();

    /** Reads the file, as it lies in a node's home or, in Base64, as its web pages hand it out. */
    static ReferenceKeyfile parse(byte[] bytes) throws KeyfileException {
        if (bytes.length > MAX_BYTES) {
            throw new KeyfileException("it is longer than " + MAX_BYTES + " bytes");
        }
        try (JsonParser parser = JSON.createParser(text(bytes))) {
            expect(parser, JsonToken.START_ARRAY);
            expect(parser, JsonToken.VALUE_STRING);
            String name = NodeName.checked(parser.getText());
            ReferenceKeyfile read = new ReferenceKeyfile(name, routers(parser), bytes(parser), bytes(parser), bytes(parser), bytes(parser));
            expect(parser, JsonToken.END_ARRAY);
            if (parser.nextToken() != null || read.salt.length == 0) {
                throw new KeyfileException("it is no keyfile");
            }
            return read;
        } catch (IdentifierException e) {
            throw new KeyfileException("the name in it is none: " + e.getMessage());
        } catch (IOException e) {
            throw new KeyfileException("it is no keyfile: neither such JSON nor the same in Base64");
        }
    }

    private static byte[] text(byte[] bytes) {
        try {
            return bytes.length > 0 && bytes[0] == '[' ? bytes : Base64.getMimeDecoder().decode(bytes);
        } catch (IllegalArgumentException e) {
            return bytes; // neither
        }
    }

    private static void expect(JsonParser parser, JsonToken token) throws IOException, KeyfileException {
        if (parser.nextToken() != token) {
            throw new KeyfileException("it is no keyfile");
        }
    }

    private static List<String> routers(JsonParser parser) throws IOException, KeyfileException {
        expect(parser, JsonToken.START_ARRAY);
        List<String> routers = new ArrayList<>();
        while (parser.nextToken() == JsonToken.VALUE_STRING && routers.size() < MAX_ROUTERS) {
            routers.add(NodeName.checked(parser.getText()));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new KeyfileException("its routers are none, or more than " + MAX_ROUTERS);
        }
        return routers;
    }

    private static byte[] bytes(JsonParser parser) throws IOException, KeyfileException {
        expect(parser, JsonToken.START_ARRAY);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            int value = parser.getIntValue();
            if (value < 0 || value > 255 || bytes.size() == MAX_SECRET) {
                throw new KeyfileException("a list of bytes in it is none, or longer than " + MAX_SECRET);
            }
            bytes.write(value);
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new KeyfileException("a list of bytes in it is none");
        }
        return bytes.toByteArray();
    }

    /** Seals {@code node}'s key so that a node of the reference opens it with {@code password}. */
    static ReferenceKeyfile seal(NodeKey node, char[] password) {
        byte[] salt = random(SALT);
        byte[] fileKey = pbkdf2(loginText(node.name(), password), salt);
        byte[] document = new byte[PKCS8.length + NodeKey.SEED + PKCS8_PUBLIC.length + NodeKey.PUBLIC];
        System.arraycopy(PKCS8, 0, document, 0, PKCS8.length);
        System.arraycopy(node.seed(), 0, document, PKCS8.length, NodeKey.SEED);
        System.arraycopy(PKCS8_PUBLIC, 0, document, PKCS8.length + NodeKey.SEED, PKCS8_PUBLIC.length);
        System.arraycopy(node.publicKey(), 0, document, document.length - NodeKey.PUBLIC, NodeKey.PUBLIC);
        return new ReferenceKeyfile(node.name(), List.of(), salt, sealed(document, fileKey), sealed(random(SECRET), fileKey),
                sealed(random(SECRET), fileKey));
    }

    /** The key of the node. @throws KeyfileException when {@code password} is another, or there is no Ed25519 key in it */
    NodeKey open(char[] password) throws KeyfileException {
        byte[] document;
        try {
            document = opened(pbkdf2(loginText(name, password), salt));
        } catch (Sealed.WrongPasswordException e) {
            document = opened(pbkdf2(password, salt)); // of a simulation
        }
        int end = PKCS8.length + NodeKey.SEED;
        if (document.length < end || !isEd25519(document)) {
            throw new KeyfileException("what is encrypted in it is no Ed25519 key");
        }
        NodeKey node = new NodeKey(name, Arrays.copyOfRange(document, PKCS8.length, end));
        if (document.length >= end + NodeKey.PUBLIC && !Arrays.equals(node.publicKey(),
                Arrays.copyOfRange(document, document.length - NodeKey.PUBLIC, document.length))) {
            throw new KeyfileException("its public key belongs to another private key");
        }
        return node;
    }

    /** The algorithm and the length of the seed; whether the public key follows is told by the version and the outer length. */
    private static boolean isEd25519(byte[] document) {
        int algorithm = 5;
        return document[0] == PKCS8[0] && Arrays.equals(Arrays.copyOfRange(PKCS8, algorithm, PKCS8.length),
                Arrays.copyOfRange(document, algorithm, PKCS8.length));
    }

    private static char[] loginText(String name, char[] password) {
        byte[] salt = name.getBytes(UTF_8);
        return salt.length < SHORTEST_SALT ? password : ("0x" + HexFormat.of().formatHex(
                PasswordHash.argon2id(PasswordHash.utf8(password), salt, LOGIN_MEMORY, LOGIN_PASSES, 1, SECRET))).toCharArray();
    }

    private static byte[] pbkdf2(char[] text, byte[] salt) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(text, salt, ITERATIONS, SECRET * 8)).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has PBKDF2", e);
        }
    }

    private static byte[] sealed(byte[] secret, byte[] fileKey) {
        byte[] nonce = random(NONCE);
        try {
            byte[] sealed = aes(Cipher.ENCRYPT_MODE, fileKey, nonce).doFinal(secret);
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has AES-GCM", e);
        }
    }

    private byte[] opened(byte[] fileKey) throws KeyfileException {
        if (key.length < NONCE + TAG_BITS / 8) {
            throw new KeyfileException("the key in it is cut off");
        }
        try {
            return aes(Cipher.DECRYPT_MODE, fileKey, key).doFinal(key, NONCE, key.length - NONCE);
        } catch (AEADBadTagException e) {
            throw new Sealed.WrongPasswordException();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has AES-GCM", e);
        }
    }

    private static Cipher aes(int mode, byte[] fileKey, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(fileKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE));
        return cipher;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** The file. */
    byte[] bytes() {
        StringBuilder json = new StringBuilder("[\"").append(name).append("\",[");
        json.append(String.join(",", routers.stream().map(router -> '"' + router + '"').toList())).append(']');
        for (byte[] each : List.of(salt, key, webSecret, fileSecret)) {
            json.append(",[");
            for (int i = 0; i < each.length; i++) {
                json.append(i == 0 ? "" : ",").append(each[i] & 0xff);
            }
            json.append(']');
        }
        return json.append(']').toString().getBytes(UTF_8);
    }
}
