package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * Whatever lies on a target: a reader gives a value or a {@link RepositoryException}, and a value survives being written and read again.
 */
class ReaderFuzzTest {
    private static final MasterKey KEY = MasterKey.of(new byte[MasterKey.BYTES], new java.security.SecureRandom());

    private static <T> void read(byte[] input, Function<byte[], T> reader, Function<T, byte[]> writer) {
        T once;
        try {
            once = reader.apply(input);
        } catch (RepositoryException refused) {
            return; // the other permitted end
        }
        byte[] written = writer.apply(once);
        assertEquals(new String(written, StandardCharsets.UTF_8), new String(writer.apply(reader.apply(written)), StandardCharsets.UTF_8));
    }

    @FuzzTest
    void documents(byte[] input) {
        read(input, Config::parse, Config::json);
        read(input, KeyFile::parse, KeyFile::json);
        read(input, LockFile::parse, LockFile::json);
        read(input, Snapshot::parse, Snapshot::json);
        read(input, Mark::parse, Mark::json);
    }

    @FuzzTest
    void tree(byte[] input) {
        read(input, Tree::read, Tree::write);
    }

    @FuzzTest
    void index(byte[] input) {
        try {
            IndexFile.read(new ByteArrayInputStream(input), (pack, blobs) -> { });
        } catch (RepositoryException refused) {
            // the other permitted end
        }
    }

    @FuzzTest
    void packHeader(byte[] input) {
        read(input, PackHeader::read, PackHeader::write);
        try {
            PackFile.parse(KEY, input, input.length);
        } catch (RepositoryException refused) {
            // the other permitted end
        }
        // With the seal broken nothing gets further: so what is inside is tried with a seal that holds.
        byte[] sealed = KEY.seal(input);
        byte[] pack = java.util.Arrays.copyOf(sealed, sealed.length + PackHeader.LENGTH_BYTES);
        PackHeader.writeLength(pack, sealed.length, sealed.length);
        try {
            PackFile.parse(KEY, pack, pack.length);
        } catch (RepositoryException refused) {
            // the other permitted end
        }
    }

    @FuzzTest
    void compressed(byte[] input) {
        try {
            Zstandard.decompress(input, 1000);
        } catch (RepositoryException refused) {
            // the other permitted end
        }
        try (InputStream stream = Zstandard.stream(input, 0, 1 << 20)) {
            stream.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.io.IOException refused) {
            // the other permitted end
        }
    }

    @FuzzTest
    void names(byte[] input) {
        String raw = RawName.of(input);
        assertEquals(raw, RawName.unquote(RawName.quote(raw)));
        String text = new String(input, StandardCharsets.UTF_8);
        for (Function<String, Object> reader : List.<Function<String, Object>>of(RawName::unquote, Stamp::parse, Id::parse)) {
            try {
                reader.apply(text);
            } catch (RepositoryException refused) {
                // the other permitted end
            }
        }
    }
}
