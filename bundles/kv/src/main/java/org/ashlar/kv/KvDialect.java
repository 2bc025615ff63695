package org.ashlar.kv;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseError.Plain;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.KvAction;
import org.ashlar.databases.Dialect;
import org.ashlar.databases.Refusal;
import org.ashlar.databases.Step;

/** Keys and values, in one table (reference-modules 4.2). */
final class KvDialect implements Dialect<KvAction> {
    /** Longest key, in bytes. */
    static final int MAX_KEY = 65_536;
    /** Longest value, in bytes. */
    static final int MAX_VALUE = 63 << 20;
    private static final Optional<String> OCTETS = Optional.of("application/octet-stream");

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public List<String> schema() {
        return List.of("create table entries (key blob primary key, value blob not null)");
    }

    @Override
    public DatabaseRequest<KvAction> parse(byte[] body) {
        return DatabaseRequest.kv(body);
    }

    @Override
    public DatabaseError failed(String reason) {
        return new DatabaseError.KvFailed(reason);
    }

    @Override
    public Step step(KvAction action, Optional<Blob> blob) throws Refusal, IOException {
        return switch (action) {
            case KvAction.Open open -> new Step.Open();
            case KvAction.RemoveDb remove -> new Step.Remove();
            case KvAction.BeginTx begin -> new Step.Begin();
            case KvAction.Commit(long transaction) -> new Step.Commit(transaction);
            case KvAction.Get(byte[] key) -> get(checked(key));
            case KvAction.Set(byte[] key, Optional<Long> transaction) -> set(checked(key), value(blob), transaction);
            case KvAction.Delete(byte[] key, Optional<Long> transaction) -> delete(checked(key), transaction);
        };
    }

    private static byte[] checked(byte[] key) throws Refusal {
        if (key.length > MAX_KEY) {
            throw Refusal.because("the key has " + key.length + " bytes; at most " + MAX_KEY + " are allowed");
        }
        return key;
    }

    private static byte[] value(Optional<Blob> blob) throws Refusal, IOException {
        Blob value = blob.orElseThrow(() -> new Refusal(Plain.MALFORMED_REQUEST));
        if (value.length() > MAX_VALUE) {
            throw Refusal.because("the value has " + value.length() + " bytes; at most " + MAX_VALUE + " can be kept");
        }
        return value.bytes();
    }

    private static Step get(byte[] key) {
        return new Step.Read(connection -> {
            try (PreparedStatement query = connection.prepareStatement("select value from entries where key = ?")) {
                query.setBytes(1, key);
                ResultSet result = query.executeQuery();
                if (!result.next()) {
                    throw new Refusal(Plain.KEY_NOT_FOUND);
                }
                byte[] value = result.getBytes(1);
                // A blob of no bytes is null to the driver; a value never is.
                return new Step.Found(new DatabaseResponse.Got(key),
                        Optional.of(Blob.of(OCTETS, value == null ? new byte[0] : value)));
            }
        });
    }

    private static Step set(byte[] key, byte[] value, Optional<Long> transaction) {
        return new Step.Write(connection -> {
            try (PreparedStatement put = connection.prepareStatement("insert into entries (key, value) values (?, ?)"
                    + " on conflict (key) do update set value = excluded.value")) {
                put.setBytes(1, key);
                put.setBytes(2, value);
                put.executeUpdate();
            }
        }, key.length + value.length, transaction);
    }

    private static Step delete(byte[] key, Optional<Long> transaction) {
        return new Step.Write(connection -> {
            try (PreparedStatement remove = connection.prepareStatement("delete from entries where key = ?")) {
                remove.setBytes(1, key);
                remove.executeUpdate();
            }
        }, key.length, transaction);
    }
}
