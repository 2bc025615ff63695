package org.ashlar.wasi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/** {@code metadata-hash-value}: differs when a file was replaced or, as far as size and timestamp tell, modified. */
final class MetadataHash {
    private MetadataHash() {
    }

    static Object[] of(FileStat stat, byte[] secret) {
        long modified = stat.modified().map(time -> time.to(TimeUnit.NANOSECONDS)).orElse(0L);
        MessageDigest digest = sha256();
        digest.update(secret);
        digest.update(ByteBuffer.allocate(20).putLong(stat.size()).putLong(modified).putInt(stat.type().ordinal()).flip());
        digest.update(stat.key().toString().getBytes(StandardCharsets.UTF_8));
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Object[] {hash.getLong(), hash.getLong()};
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
