package org.ashlar.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies where a keyfile should is one or is refused as declared, and never asks for more than the stated cost. */
class KeyfileFuzzTest {
    static List<Arguments> own() {
        NodeKey key = new NodeKey("alice.os", new byte[NodeKey.SEED]);
        return List.of(Arguments.of((Object) new Keyfile.Plain(key).bytes()),
                Arguments.of((Object) Sealed.seal(key, PasswordHash.fresh(), new byte[32]).bytes()));
    }

    static List<Arguments> references() {
        return List.of(Arguments.of((Object) "[\"alice.os\",[\"r.os\"],[1,2],[3,255],[0],[]]".getBytes(StandardCharsets.UTF_8)),
                Arguments.of((Object) "WyJhbGljZS5vcyIsW10sWzFdLFsxXSxbMV0sWzFdXQ==".getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("own")
    @FuzzTest
    void keyfile(byte[] input) throws Exception {
        Keyfile read;
        try {
            read = Keyfile.parse(input);
        } catch (KeyfileException declared) {
            return;
        }
        assertArrayEquals(read.bytes(), Keyfile.parse(read.bytes()).bytes());
        if (read instanceof Sealed sealed) {
            assertTrue(sealed.hash().memory() <= PasswordHash.MAX_MEMORY && sealed.hash().passes() <= PasswordHash.MAX_PASSES);
        }
    }

    /** Without its check line, which random bytes do not get past. */
    @MethodSource("own")
    @FuzzTest
    void lines(byte[] input) {
        List<String> all = new String(input, StandardCharsets.UTF_8).lines().toList();
        for (Reader reader : List.<Reader>of(Sealed::of, Keyfile.Plain::of)) {
            try {
                Keyfile read = reader.read(all.subList(0, Math.max(0, all.size() - 1)));
                assertArrayEquals(read.bytes(), Keyfile.parse(read.bytes()).bytes());
            } catch (KeyfileException declared) {
                continue;
            }
        }
    }

    private interface Reader {
        Keyfile read(List<String> lines) throws KeyfileException;
    }

    @MethodSource("references")
    @FuzzTest
    void reference(byte[] input) throws Exception {
        ReferenceKeyfile read;
        try {
            read = ReferenceKeyfile.parse(input);
        } catch (KeyfileException declared) {
            return;
        }
        assertArrayEquals(read.bytes(), ReferenceKeyfile.parse(read.bytes()).bytes());
    }
}
