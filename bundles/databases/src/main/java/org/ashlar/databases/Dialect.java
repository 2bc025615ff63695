package org.ashlar.databases;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseRequest;

/**
 * What tells one kind of database from another.
 *
 * @param <A> its actions
 */
public interface Dialect<A> {
    /** Its name, and that of its folder: {@code kv}, {@code sqlite}. */
    String name();

    /** Statements that are carried out in a new database. */
    List<String> schema();

    /** @throws CodecException when it is no such request */
    DatabaseRequest<A> parse(byte[] body);

    /** What an action comes down to. Called on a platform thread. @throws IOException when the blob cannot be read */
    Step step(A action, Optional<Blob> blob) throws Refusal, IOException;

    /** What a failure of the database is called. */
    DatabaseError failed(String reason);
}
