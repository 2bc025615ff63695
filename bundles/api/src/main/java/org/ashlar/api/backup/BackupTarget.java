package org.ashlar.api.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A place that keeps objects: bytes under a name, stored once and never changed. It need not be trusted; what it is given
 * is sealed, and what it gives is checked.
 * <p>
 * <b>Names</b> are one to four parts of {@code a-z 0-9 . _ -} with {@code /} between them, such as {@code config} or
 * {@code data/5f/5f03…}; no part begins with a dot; {@link #MAX_NAME} characters at most. Any other name is an
 * {@link IllegalArgumentException}.
 * <p>
 * <b>Threads</b>: any number may call at once, on platform threads; each call waits for the disk or the network.
 * <b>Consistency</b>: once a {@link #put} or {@link #delete} has returned, every call that begins afterwards, through this
 * or any other connection to the same place, sees it.
 * <b>Errors</b>: {@link NoSuchFileException} where an object is missing; {@link RefusedException} where trying again is no
 * use; any other {@link IOException} may pass, and leaves open whether the call had its effect. All calls but
 * {@link #close} may be repeated after such an error; a put that had its effect unseen then returns false.
 * After {@link #close} all others fail with an {@link IOException}.
 */
public interface BackupTarget extends AutoCloseable {
    /** Service property, a String: what people call the target. Without it, the {@code service.pid} counts. */
    String NAME = "ashlar.target";
    /** Service property, a String: where it is, for people. */
    String LOCATION = "ashlar.target.location";
    /** Service property, a number: bytes a second that may go there, and that may come back; without it, as many as can. */
    String LIMIT = "ashlar.target.limit";
    /** Longest name, in characters. */
    int MAX_NAME = 160;
    /** Largest object, in bytes. */
    int MAX_OBJECT = 512 << 20;

    /**
     * Stores an object unless there is one of that name. Atomic: at no moment, not even after a crash of either side, is
     * a part of it seen under its name. Durable when it returns. Of several at once for one name, one returns true.
     *
     * @param content from its position to its limit; its state is not changed
     * @return whether it was stored; false: there is an object of that name, which is left as it is
     */
    boolean put(String name, ByteBuffer content) throws IOException;

    /**
     * Reads a range of an object into the room that is left in {@code into}, until that is full or the object ends.
     *
     * @param offset where to begin, in bytes; at or behind the end there is nothing to read
     * @return how many bytes were read; 0 at the end
     * @throws NoSuchFileException when there is no such object
     */
    int get(String name, long offset, ByteBuffer into) throws IOException;

    /**
     * Calls {@code each} for every object whose name begins with {@code folder} and a slash, at any depth, in no order.
     * An object that is stored or deleted meanwhile may be seen or not; all others are seen exactly once.
     *
     * @param folder the beginning of a name without the slash, such as {@code data}; there need be no such folder
     */
    void list(String folder, Consumer<Stored> each) throws IOException;

    /** Deletes an object. Durable when it returns. @return whether there was one */
    boolean delete(String name) throws IOException;

    /** The size of an object in bytes; empty when there is none. */
    OptionalLong stat(String name) throws IOException;

    /** Lets go of connections and threads; what was stored stays. Waits for no call that is under way. */
    @Override
    void close();

    /** An object in a listing. @param size in bytes */
    record Stored(String name, long size) { }

    /** Whether a target may be asked for {@code name}. */
    static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        int parts = 1;
        char before = '/';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (before == '/' && (c == '.' || c == '/')) {
                return false;
            }
            parts += c == '/' ? 1 : 0;
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '/' || c == '.' || c == '_' || c == '-')) {
                return false;
            }
            before = c;
        }
        return before != '/' && parts <= 4;
    }

    /** @throws IllegalArgumentException unless {@link #isName} */
    static void requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of an object: one to four parts of a-z 0-9 . _ - with / between them");
        }
    }
}
