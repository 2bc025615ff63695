package org.ashlar.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is promised of the index. */
class BlobIndexTest extends TwoTargets {
    @Test
    void promise9_theIndexTakesLessThanTwelveBytesABlob() throws IOException {
        try (BlobIndex index = new BlobIndex(temporary)) {
            byte[] bytes = new byte[Id.BYTES];
            java.util.Random random = new java.util.Random(1);
            int blobs = 1_000_000;
            for (int pack = 0; pack < blobs / 1000; pack++) {
                List<PackedBlob> content = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    random.nextBytes(bytes);
                    content.add(new PackedBlob(BlobType.DATA, Id.read(bytes, 0), i * 100, 100, 0));
                }
                random.nextBytes(bytes);
                index.add(Id.read(bytes, 0), content);
            }
            assertEquals(blobs, index.blobCount());
            assertTrue(index.memory() < 12L * blobs, index.memory() + " bytes for " + blobs + " blobs");
            assertTrue(index.has(BlobType.DATA, Id.read(bytes, 0)) || index.hasPack(Id.read(bytes, 0)));
        }
    }
}
