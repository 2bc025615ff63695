package org.ashlar.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An answer that fails where it becomes longer than it may. */
public final class Bounded extends FilterInputStream {
    private long left;

    /** @param limit in bytes */
    public Bounded(InputStream in, long limit) {
        super(in);
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        left -= Math.max(read, 0);
        if (left < 0) {
            throw new IOException("the server's list of files is too long");
        }
        return read;
    }
}
