package org.ashlar.databases;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.api.store.Snapshotable;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseError.Plain;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.senders.Departures;
import org.ashlar.senders.Grants;
import org.ashlar.senders.Workers;

/**
 * A system process that keeps databases for packages (reference-modules 4.1). To open or remove one, a process must be of
 * its package; to read and to write it, hold the capability, which opening gives. The Requests of one sender are carried out
 * in the order they were sent.
 * <p>
 * A bundle extends it by a component that gives it its dialect and the kernels.
 *
 * @param <A> the actions of its dialect
 */
public class DatabaseService<A> implements SystemProcess, Snapshotable, AutoCloseable {
    /** Requests that are carried out at a time. */
    static final int THREADS = 8;
    private static final Step.Found DONE = new Step.Found(new DatabaseResponse.Done(), Optional.empty());
    /** The terminal speaks for the node's owner. */
    private static final PackageId TERMINAL = PackageId.parse("terminal:sys");

    private final Dialect<A> dialect;
    private final Databases databases;
    private final Transactions transactions = new Transactions();
    private final Grants grants;
    private final Departures departures;
    private final Workers workers;

    /**
     * Opens the databases of a home; waits for a predecessor.
     *
     * @param maxBytes most that one database may grow to
     * @throws org.ashlar.api.store.StoreException when they are in use or cannot be written
     */
    public DatabaseService(Path home, Dialect<A> dialect, long maxBytes, Providers<Kernel> kernels) {
        this.dialect = dialect;
        databases = new Databases(home.resolve(dialect.name()), maxBytes, dialect.schema());
        grants = new Grants(kernels);
        departures = new Departures("ashlar-" + dialect.name() + "-departures", kernels, transactions);
        workers = new Workers("ashlar-" + dialect.name() + '-', THREADS);
    }

    /** Ends what was begun, hands back the rest, and lets go of the folder. Transactions that are open are lost. */
    @Override
    public void close() {
        workers.close();
        departures.close();
        databases.close();
    }

    @Override
    public final void handle(Envelope request, Reply reply) {
        workers.handle(request, reply, () -> answer(request, reply));
    }

    private void answer(Envelope request, Reply reply) {
        Step.Found found;
        try {
            found = carryOut(request, reply);
        } catch (CodecException e) {
            found = error(Plain.MALFORMED_REQUEST);
        } catch (Refusal e) {
            found = error(e.error());
        } catch (SQLException e) {
            found = error(dialect.failed(reason(e)));
        } catch (IOException e) {
            found = error(new DatabaseError.IoError(e.getMessage()));
        }
        reply.respond(Response.of(found.response().encode()).withMetadata(request.message().metadata()), found.blob());
    }

    private String reason(SQLException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("SQLITE_FULL") ? "the database is full: its quota is " + databases.maxBytes()
                + " bytes; or the disk is. Remove something, or have the node's owner raise the quota"
                : text.contains("SQLITE_INTERRUPT") ? "it took more than " + OpenDatabase.SECONDS + " s and was given up" : text;
    }

    private static Step.Found error(DatabaseError error) {
        return new Step.Found(new DatabaseResponse.Err(error), Optional.empty());
    }

    private Step.Found carryOut(Envelope request, Reply reply) throws Refusal, SQLException, IOException {
        DatabaseRequest<A> asked = dialect.parse(request.message().body());
        DatabaseKey key = asked.key();
        ProcessId sender = request.source().process();
        Step step = dialect.step(asked.action(), request.blob());
        permit(step, key, request, reply);
        DatabaseFiles.check(key);
        switch (step) {
            case Step.Open open -> {
                databases.create(key);
                return grant(key, request, reply);
            }
            case Step.Remove remove -> {
                databases.remove(key);
                transactions.drop(key);
            }
            case Step.Begin begin -> {
                return new Step.Found(new DatabaseResponse.Begun(transactions.begin(sender, key)), Optional.empty());
            }
            case Step.Commit(long id) -> databases.write(key, transactions.take(sender, key, id));
            case Step.Read(Step.Query query) -> {
                return databases.read(key, open -> open.read(query));
            }
            case Step.Write write -> {
                if (write.transaction().isPresent()) {
                    transactions.add(sender, key, write.transaction().get(), write);
                } else {
                    databases.write(key, List.of(write.change()));
                }
            }
        }
        return DONE;
    }

    private static void permit(Step step, DatabaseKey key, Envelope request, Reply reply) throws Refusal {
        PackageId sender = request.source().process().packageId();
        if (sender.equals(TERMINAL)) {
            return;
        }
        switch (step) {
            case Step.Open open -> requireOwner(sender, key);
            case Step.Remove remove -> requireOwner(sender, key);
            case Step.Read read -> require("read", Plain.NO_READ_CAP, key, request.target(), reply);
            default -> require("write", Plain.NO_WRITE_CAP, key, request.target(), reply);
        }
    }

    private static void requireOwner(PackageId sender, DatabaseKey key) throws Refusal {
        if (!sender.equals(key.owner())) {
            throw new Refusal(Plain.MISMATCHING_PACKAGE_ID);
        }
    }

    private static void require(String kind, DatabaseError otherwise, DatabaseKey key, Address issuer, Reply reply)
            throws Refusal {
        if (!reply.senderHolds(capability(issuer, kind, key))) {
            throw new Refusal(otherwise);
        }
    }

    private static Capability capability(Address issuer, String kind, DatabaseKey key) {
        return new Capability(issuer, "{\"kind\":\"" + kind + "\",\"db_key\":" + key + "}");
    }

    private Step.Found grant(DatabaseKey key, Envelope request, Reply reply) {
        List<Capability> missing = Stream.of("read", "write").map(kind -> capability(request.target(), kind, key))
                .filter(capability -> !reply.senderHolds(capability)).toList();
        boolean given = missing.isEmpty() || request.source().process().packageId().equals(TERMINAL)
                || grants.give(request.target(), request.source().process(), missing);
        return given ? DONE : error(Plain.ADD_CAP_FAILED);
    }

    @Override
    public final String name() {
        return dialect.name();
    }

    @Override
    public final void prepare() throws IOException {
        databases.cuts().prepare();
    }

    @Override
    public final void cut(Barrier barrier) throws IOException {
        databases.cuts().cut(barrier, CUT_MILLIS);
    }

    @Override
    public final List<Entry> open() {
        return databases.cuts().open();
    }

    @Override
    public final void release() {
        databases.cuts().release();
    }
}
