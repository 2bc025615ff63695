package org.ashlar.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Optional;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.junit.jupiter.api.Test;

/** Bodies that are remembered are never taken for one another. */
class AskedTest {
    private final Asked.Reader reader = new Asked.Reader();

    @Test
    void theSameIsReadOnce() {
        VfsRequest request = new VfsRequest("/a:b.os/drive/file", new VfsAction.ReadExact(4096));
        Asked first = reader.read(request.encode());
        assertEquals(Optional.of(request), first.body());
        assertEquals("/a:b.os/drive/file", first.path().orElseThrow().toString());
        assertSame(first, reader.read(request.encode()));
    }

    /** Many more than there are places, so that each place changes hands. */
    @Test
    void othersAreReadAsTheyAre() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20 * Asked.Reader.REMEMBERED; i++) {
                VfsRequest request = new VfsRequest("/a:b.os/drive/" + i % 97, new VfsAction.ReadExact(i));
                Asked asked = reader.read(request.encode());
                assertEquals(Optional.of(request), asked.body());
                assertEquals(Optional.of(DrivePath.parse(request.path())), asked.path());
            }
        }
    }

    @Test
    void whatCannotBeReadIsNothing() {
        assertEquals(Optional.empty(), reader.read("no json".getBytes(UTF_8)).body());
        Asked outside = reader.read(new VfsRequest("/../x", new VfsAction.Len()).encode());
        assertEquals(new VfsAction.Len(), outside.body().orElseThrow().action());
        assertEquals(Optional.empty(), outside.path());
        VfsRequest longest = new VfsRequest("/a:b.os/drive/" + "x/".repeat(Asked.Reader.LONGEST), new VfsAction.Len());
        assertEquals(Optional.of(longest), reader.read(longest.encode()).body());
    }
}
