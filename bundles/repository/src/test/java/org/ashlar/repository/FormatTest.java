package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The parts of the format, each by itself. That they are the public ones is shown beside a stock restic, in backup-local. */
class FormatTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Id ID = Id.of("a".getBytes(StandardCharsets.UTF_8));

    /** The first example of appendix B of "The Poly1305-AES message-authentication code", D. J. Bernstein, 2005. */
    @Test
    void poly1305AesGivesThePublishedCode() throws Exception {
        HexFormat hex = HexFormat.of();
        Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(hex.parseHex("ec074c835580741701425b623235add6"), "AES"));
        byte[] code = new byte[16];
        Poly1305 poly = new Poly1305();
        poly.begin(Poly1305.clamped(hex.parseHex("851fc40c3467ac0be05cc20404f3f700")), aes.doFinal(hex.parseHex("fb447350c4e868c52ac3275cf9d4327e")));
        poly.update(hex.parseHex("f3f6"), 0, 2);
        poly.end(code, 0);
        assertEquals("f4c633c3044fc145f84f335cb81953de", hex.formatHex(code));
    }

    @Test
    void whatIsSealedOpensAndAnyChangeIsNoticed() {
        MasterKey key = MasterKey.random(RANDOM);
        byte[] plain = "what is sealed".getBytes(StandardCharsets.UTF_8);
        byte[] sealed = key.seal(plain);
        assertArrayEquals(plain, key.open(sealed));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 0x10;
            assertThrows(DamagedException.class, () -> key.open(changed));
        }
        assertThrows(DamagedException.class, () -> key.open(new byte[31]));
        assertThrows(DamagedException.class, () -> MasterKey.random(RANDOM).open(sealed));
        assertFalse(Arrays.equals(sealed, key.seal(plain)), "a nonce is never used twice");
    }

    @Test
    void aPasswordOpensItsKeyAndNoOther() {
        MasterKey master = MasterKey.random(RANDOM);
        KeyFile file = KeyFile.create(master, "pässword".toCharArray(), new KeyFile.Cost(16, 1, 1), new Stamp(0, 0), "here", "me", RANDOM);
        KeyFile read = KeyFile.parse(file.json());
        assertArrayEquals(master.encrypt(), read.open("pässword".toCharArray(), RANDOM).encrypt());
        assertThrows(DamagedException.class, () -> read.open("password".toCharArray(), RANDOM));
        String greedy = new String(file.json(), StandardCharsets.UTF_8).replace("\"N\":16", "\"N\":1073741824");
        assertThrows(DamagedException.class, () -> KeyFile.parse(greedy.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void polynomialsThatFactorAreRefused() {
        assertTrue(Polynomial.isUsable(0x3DA3358B4DC173L), "the one in the chunker's own tests");
        assertFalse(Polynomial.isUsable(0x3DA3358B4DC171L));
        assertFalse(Polynomial.isUsable(1L << 53));
        assertFalse(Polynomial.isUsable(0x1fL));
        assertTrue(Polynomial.isUsable(Polynomial.random(RANDOM)));
        assertThrows(DamagedException.class, () -> new Chunker(0x3DA3358B4DC171L));
    }

    /** Shift and reduce, one bit after another: slow, and plainly what the format says. */
    private static List<Integer> plainCuts(byte[] bytes, long polynomial) {
        List<Integer> cuts = new ArrayList<>();
        int start = 0;
        for (int end = start + 1; end <= bytes.length; end++) {
            int length = end - start;
            boolean cut = length == Chunker.MAX;
            if (!cut && length >= Chunker.MIN) {
                long print = 0;
                for (int i = end - Chunker.WINDOW; i < end; i++) {
                    print = Polynomial.mod(print << 8 | bytes[i] & 0xff, polynomial);
                }
                cut = (print & (1 << 20) - 1) == 0;
            }
            if (cut) {
                cuts.add(length);
                start = end;
            }
        }
        return cuts;
    }

    @Test
    void chunksAreCutWhereThePlainDefinitionCutsThem() {
        long polynomial = 0x3DA3358B4DC173L;
        byte[] bytes = new byte[3 << 20];
        new Random(7).nextBytes(bytes);
        Chunker chunker = new Chunker(polynomial);
        List<Integer> cuts = new ArrayList<>();
        int start = 0;
        for (int length = chunker.cut(bytes, 0, 0, bytes.length); length > 0; length = chunker.cut(bytes, start, 0, bytes.length)) {
            cuts.add(length);
            start += length;
        }
        assertEquals(plainCuts(bytes, polynomial), cuts);
        assertTrue(cuts.size() > 0, "the sample is cut somewhere");
    }

    @Test
    void aChunkEndsAtEightMebibytesAtTheLatest() {
        byte[] ones = new byte[Chunker.MAX + 1];
        Arrays.fill(ones, (byte) 1);
        assertEquals(Chunker.MAX, new Chunker(0x3DA3358B4DC173L).cut(ones, 0, 0, ones.length));
        assertEquals(0, new Chunker(0x3DA3358B4DC173L).cut(ones, 0, 0, Chunker.MAX - 1));
    }

    @Test
    void aPackTellsWhatItHolds() {
        MasterKey key = MasterKey.random(RANDOM);
        Pack pack = new Pack();
        byte[] sealed = key.seal("blob".getBytes(StandardCharsets.UTF_8));
        pack.add(BlobType.DATA, ID, sealed, 0, sealed.length, 0);
        pack.add(BlobType.TREE, ID, sealed, 0, sealed.length, 9);
        List<PackedBlob> blobs = List.copyOf(pack.blobs());
        ByteBuffer file = pack.finish(key);
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        assertEquals(blobs, PackFile.parse(key, bytes, bytes.length));
        assertThrows(DamagedException.class, () -> PackFile.parse(key, Arrays.copyOf(bytes, bytes.length - 1), bytes.length - 1));
        assertThrows(DamagedException.class, () -> PackFile.parse(key, bytes, bytes.length + 1));
    }

    @Test
    void anIndexFileIsReadAsItWasWritten() {
        Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
        packs.put(ID, List.of(new PackedBlob(BlobType.DATA, ID, 0, 50, 0), new PackedBlob(BlobType.TREE, Id.of(new byte[1]), 50, 60, 200)));
        Map<Id, List<PackedBlob>> read = new LinkedHashMap<>();
        List<Id> supersedes = IndexFile.read(new ByteArrayInputStream(IndexFile.write(packs, List.of(ID))), read::put);
        assertEquals(packs, read);
        assertEquals(List.of(ID), supersedes);
    }

    @Test
    void aTreeIsReadAsItWasWritten() {
        Node.Meta meta = new Node.Meta(04755, new Stamp(1, 2), new Stamp(3, 0), new Stamp(5, 6), 7, 8, "me", "us", -1L, 9, 2,
                List.of(new Node.Attribute("user.x", "\u0000\u00ff")));
        List<Node> nodes = List.of(
                new Node("a", Node.Type.FILE, meta, 12, "", 0, List.of(ID, ID), Optional.empty()),
                new Node("b\u00ff\"\n", Node.Type.FOLDER, meta, 0, "", 0, List.of(), Optional.of(ID)),
                new Node(RawName.encode("日本"), Node.Type.LINK, meta, 0, "to\u00fe", 0, List.of(), Optional.empty()));
        assertEquals(nodes, Tree.read(Tree.write(nodes)));
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (String name : List.of("..", ".", "", "a/b", "a\\u0000", "x".repeat(5000))) {
            String json = "{\"nodes\":[{\"name\":\"" + name.replace("\\", "\\\\") + "\",\"type\":\"file\",\"mode\":0,\"content\":[]}]}";
            assertThrows(DamagedException.class, () -> Tree.read(json.getBytes(StandardCharsets.UTF_8)), name);
        }
    }

    @Test
    void aLockCountsWhileItsHolderRunsAndIsNotOld() {
        long now = java.time.Instant.now().getEpochSecond();
        long self = ProcessHandle.current().pid();
        String here = "here";
        assertFalse(new LockFile(new Stamp(now, 0), true, here, "me", self, 0, 0).isStale(new Stamp(now, 0), here));
        assertTrue(new LockFile(new Stamp(now, 0), true, here, "me", self, 0, 0).isStale(new Stamp(now + 1801, 0), here), "old");
        assertTrue(new LockFile(new Stamp(now, 0), true, here, "me", Long.MAX_VALUE / 2, 0, 0).isStale(new Stamp(now, 0), here), "ended");
        long before = ProcessHandle.current().info().startInstant().orElseThrow().getEpochSecond() - 60;
        assertTrue(new LockFile(new Stamp(before, 0), true, here, "me", self, 0, 0).isStale(new Stamp(before + 1, 0), here),
                "the number is another's by now");
        assertFalse(new LockFile(new Stamp(before, 0), true, "elsewhere", "me", self, 0, 0).isStale(new Stamp(before + 1, 0), here));
    }

    @Test
    void theTextOfATimeIsReadBack() {
        for (Stamp stamp : List.of(new Stamp(0, 0), new Stamp(-62135596800L, 0), new Stamp(253402300799L, 999_999_999), new Stamp(1, 120_000_000))) {
            assertEquals(stamp, Stamp.parse(stamp.toString()));
        }
        assertEquals(new Stamp(3600, 0), Stamp.parse("1970-01-01T02:00:00+01:00"));
        for (String bad : List.of("", "1970", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567890Z")) {
            assertThrows(DamagedException.class, () -> Stamp.parse(bad), bad);
        }
    }
}
