package org.ashlar.vfs;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file of the cut, read piece by piece: from where it is while it has not changed, from what was kept of it afterwards.
 * For one thread.
 */
final class KeptInput extends InputStream {
    private final DrivePath then;
    private final Keeping keeping;
    private final Opener opener;
    private Optional<FileChannel> live = Optional.empty();
    private Optional<FileChannel> aside = Optional.empty();
    private long position;

    /** Opens a file that was not kept. */
    interface Opener {
        FileChannel open(DrivePath now) throws IOException;
    }

    KeptInput(DrivePath then, Keeping keeping, Opener opener) throws IOException {
        this.then = then;
        this.keeping = keeping;
        this.opener = opener;
        read(new byte[0], 0, 0); // opens it, so that what cannot be read is told at once
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer piece = ByteBuffer.wrap(bytes, from, Math.min(length, Chunks.SIZE));
        int read = keeping.reading(then, (kept, now) -> channel(kept, now).read(piece, position));
        position += Math.max(0, read);
        return read;
    }

    private FileChannel channel(Optional<Path> kept, DrivePath now) throws IOException {
        if (kept.isPresent()) {
            if (aside.isEmpty()) {
                aside = Optional.of(FileChannel.open(kept.get(), READ));
            }
            return aside.get();
        }
        if (live.isEmpty()) {
            live = Optional.of(opener.open(now));
        }
        return live.get();
    }

    @Override
    public void close() throws IOException {
        for (Optional<FileChannel> channel : List.of(live, aside)) {
            if (channel.isPresent()) {
                channel.get().close();
            }
        }
    }
}
