package org.ashlar.databases;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.DatabaseResponse;

/** What a Request comes down to. */
public sealed interface Step {
    /** Makes the database if there is none, and gives the sender its capabilities. */
    record Open() implements Step { }

    /** Removes the database. */
    record Remove() implements Step { }

    record Begin() implements Step { }

    record Commit(long transaction) implements Step { }

    /** Looks something up. */
    record Read(Query query) implements Step { }

    /**
     * Changes something, now or when the transaction is committed.
     *
     * @param weight bytes that it keeps in the heap until then
     */
    record Write(Change change, long weight, Optional<Long> transaction) implements Step { }

    /** Carried out on a connection that cannot write. */
    @FunctionalInterface
    interface Query {
        Found run(Connection connection) throws SQLException, Refusal;
    }

    /** What a query found. */
    record Found(DatabaseResponse response, Optional<Blob> blob) { }

    /** Carried out within a transaction of the database. */
    @FunctionalInterface
    interface Change {
        void run(Connection connection) throws SQLException, Refusal;

        /** Whether it must be carried out outside of any transaction. */
        default boolean alone() {
            return false;
        }
    }
}
