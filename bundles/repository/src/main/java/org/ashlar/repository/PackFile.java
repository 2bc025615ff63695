package org.ashlar.repository;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Reads packs without an index. */
final class PackFile {
    /** Mostly the header is in the last so many bytes. */
    private static final int TAIL = 64 << 10;

    private PackFile() { }

    /** The blobs that a pack says it holds. @throws DamagedException when its end is no header, or one that does not fit its size */
    static List<PackedBlob> header(Repository repository, Id pack, long size) throws IOException {
        String name = FileKind.PACK.path(pack);
        if (size > FileKind.PACK.limit || size < PackHeader.LENGTH_BYTES + MasterKey.OVERHEAD) {
            throw new DamagedException(name + " has " + size + " bytes, which no pack has");
        }
        int tail = (int) Math.min(size, TAIL);
        int length = repository.replicas.read(name, size - PackHeader.LENGTH_BYTES, PackHeader.LENGTH_BYTES, bytes -> headerLength(bytes, size));
        int wanted = Math.max(tail, length + PackHeader.LENGTH_BYTES);
        return repository.replicas.read(name, size - wanted, wanted, bytes -> {
            if (bytes.length != wanted) {
                throw new DamagedException("shorter than listed");
            }
            return parse(repository.key, bytes, size);
        });
    }

    private static int headerLength(byte[] bytes, long size) {
        if (bytes.length < PackHeader.LENGTH_BYTES) {
            throw new DamagedException("shorter than listed");
        }
        int length = PackHeader.readLength(bytes, bytes.length - PackHeader.LENGTH_BYTES);
        if (length < MasterKey.OVERHEAD || length > PackHeader.MAX || length > size - PackHeader.LENGTH_BYTES) {
            throw new DamagedException("a pack of " + size + " bytes with a header of " + Integer.toUnsignedString(length));
        }
        return length;
    }

    /** @param end the end of the pack, at least from its header on; @param size of the whole pack */
    static List<PackedBlob> parse(MasterKey key, byte[] end, long size) {
        int length = headerLength(end, size);
        int begin = end.length - PackHeader.LENGTH_BYTES - length;
        if (begin < 0) {
            throw new DamagedException("the header is longer than what was read");
        }
        List<PackedBlob> blobs = PackHeader.read(key.open(Arrays.copyOfRange(end, begin, begin + length)));
        long content = blobs.isEmpty() ? 0 : blobs.getLast().end();
        if (content + length + PackHeader.LENGTH_BYTES != size) {
            throw new DamagedException("a pack of " + size + " bytes whose header tells of " + (content + length + PackHeader.LENGTH_BYTES));
        }
        return blobs;
    }
}
