package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/**
 * Reads blobs. A little more is fetched than was asked for, as what lies behind a blob in its pack is mostly wanted next. For one thread.
 */
final class BlobReader {
    /** Least that is fetched at once. */
    private static final int SPAN = 1 << 20;

    private final Repository repository;
    private final BlobIndex index;
    private Id pack = Id.of(new byte[0]);
    private int start;
    private byte[] span = new byte[0];

    BlobReader(Repository repository, BlobIndex index) {
        this.repository = repository;
        this.index = index;
    }

    /** A tree's entries. */
    List<Node> tree(Id id) throws IOException {
        return Tree.read(load(BlobType.TREE, id));
    }

    /**
     * A blob's plaintext, from the first place where it is undamaged.
     *
     * @throws DamagedException when it is damaged wherever it lies, or lies nowhere
     */
    byte[] load(BlobType type, Id id) throws IOException {
        List<BlobIndex.Entry> places = index.findAll(type, id);
        if (places.isEmpty()) {
            throw new DamagedException("The " + type.text + " blob " + id.brief() + " is in no pack that the index knows. \"repair\" looks for it in"
                    + " packs that it does not know.");
        }
        DamagedException damaged = null;
        IOException failed = null;
        for (BlobIndex.Entry place : places) {
            try {
                return load(place);
            } catch (DamagedException e) {
                damaged = e;
            } catch (NoSuchFileException e) {
                damaged = new DamagedException("The pack " + place.pack().brief() + ", which holds the " + type.text + " blob " + id.brief()
                        + ", is missing on every target.", e);
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        throw damaged;
    }

    private byte[] load(BlobIndex.Entry place) throws IOException {
        PackedBlob blob = place.blob();
        if (pack.equals(place.pack()) && blob.offset() >= start && blob.end() <= start + span.length) {
            try {
                return open(repository.key, blob, span, blob.offset() - start);
            } catch (DamagedException e) {
                span = new byte[0]; // it may be in order on another target
            }
        }
        int length = Math.max(blob.length(), SPAN);
        return repository.replicas.read(FileKind.PACK.path(place.pack()), blob.offset(), length, bytes -> {
            byte[] plain = open(repository.key, blob, bytes, 0);
            pack = place.pack();
            start = blob.offset();
            span = bytes;
            return plain;
        });
    }

    /** Opens a sealed blob and holds it against what is known of it. */
    static byte[] open(MasterKey key, PackedBlob blob, byte[] bytes, int offset) {
        if (bytes.length - offset < blob.length()) {
            throw new DamagedException("the pack ends before the blob " + blob.id().brief());
        }
        byte[] plain = key.open(bytes, offset, blob.length());
        if (blob.plain() != 0) {
            plain = Zstandard.decompress(plain, blob.plain());
        }
        requireContent(blob, Id.of(plain));
        return plain;
    }

    /**
     * The same where the sealed bytes may be overwritten, without making anything new.
     *
     * @param room for what has to be decompressed
     * @return the plaintext; it lies in {@code bytes} or in {@code room}
     */
    static ByteBuffer openInPlace(MasterKey key, PackedBlob blob, byte[] bytes, int offset, BlobWriter.Scratch room) {
        key.openInPlace(bytes, offset, blob.length());
        ByteBuffer plain = ByteBuffer.wrap(bytes, offset + MasterKey.NONCE, blob.length() - MasterKey.OVERHEAD);
        if (blob.plain() != 0) {
            byte[] larger = room.atLeast(blob.plain());
            Zstandard.decompress(bytes, plain.position(), plain.remaining(), larger, blob.plain());
            plain = ByteBuffer.wrap(larger, 0, blob.plain());
        }
        requireContent(blob, Id.of(plain));
        return plain;
    }

    private static void requireContent(PackedBlob blob, Id found) {
        if (!found.equals(blob.id())) {
            throw new DamagedException("the content of the blob " + blob.id().brief() + " does not belong to its name");
        }
    }

    /** The sealed bytes of a blob, after they were opened and found in order. */
    byte[] sealed(BlobIndex.Entry place) throws IOException {
        PackedBlob blob = place.blob();
        return repository.replicas.read(FileKind.PACK.path(place.pack()), blob.offset(), blob.length(), bytes -> {
            open(repository.key, blob, bytes, 0);
            return Arrays.copyOf(bytes, blob.length());
        });
    }
}
