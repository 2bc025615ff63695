package org.ashlar.wasi;

import java.io.IOException;
import java.util.Arrays;

/** A regular file, opened. */
final class FileDescriptor implements Descriptor, FileHolder {
    private final OpenFile file;
    private final long flags;
    private final byte[] secret;

    /** Takes over {@code file}: it is released with this. */
    FileDescriptor(OpenFile file, long flags, byte[] secret) {
        this.file = file;
        this.flags = flags;
        this.secret = secret;
    }

    /** Its file, for reading. */
    OpenFile readable() throws FileError {
        if ((flags & READ) == 0) {
            throw new FileError(ErrorCode.BAD_DESCRIPTOR, "the file is not open for reading");
        }
        return file;
    }

    /** Its file, for writing. */
    OpenFile writable() throws FileError {
        if ((flags & WRITE) == 0) {
            throw new FileError(ErrorCode.BAD_DESCRIPTOR, "the file is not open for writing");
        }
        return file;
    }

    /** @param length bytes wanted, @param offset where from, both unsigned. @return the bytes, and whether the end was reached */
    Object[] read(long length, long offset) throws IOException, FileError {
        OpenFile source = readable();
        if (offset < 0) {
            throw new FileError(ErrorCode.INVALID, "an offset beyond the largest size of a file");
        }
        byte[] bytes = source.read(length < 0 ? Limits.READ : (int) Math.min(length, Limits.READ), offset);
        return new Object[] {bytes, offset + bytes.length >= source.size()};
    }

    /** @return how many bytes were written */
    long write(byte[] bytes, long offset) throws IOException, FileError {
        byte[] now = bytes.length > Limits.WRITE ? Arrays.copyOf(bytes, Limits.WRITE) : bytes;
        return writable().write(now, offset);
    }

    @Override
    public long flags() {
        return flags;
    }

    @Override
    public FileType type() {
        return FileType.REGULAR_FILE;
    }

    @Override
    public FileStat stat() throws IOException, FileError {
        return file.stat();
    }

    @Override
    public void setTimes(NewTimes times) throws IOException, FileError {
        file.setTimes(times);
    }

    @Override
    public void sync(boolean metadata) throws IOException {
        if ((flags & WRITE) != 0) {
            file.sync(metadata);
        }
    }

    @Override
    public byte[] secret() {
        return secret.clone();
    }

    @Override
    public void release() throws IOException {
        file.release();
    }
}
