package org.ashlar.terminal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;

/**
 * Asks {@code vfs:distro:sys} for one command, in a name of its own: files that two commands have open at the same time have
 * nothing to do with each other.
 */
final class FileClient {
    private static final Address VFS = Address.parse("our@vfs:distro:sys");
    /** Longest wait for one answer, in seconds: a large folder takes a while to remove. */
    private static final int SECONDS = 300;
    private static final AtomicLong COUNT = new AtomicLong();

    private final NodeView node;
    private final ProcessId self = ProcessId.parse("files-" + COUNT.incrementAndGet() + ":terminal:sys");

    FileClient(NodeView node) {
        this.node = node;
    }

    /** What was answered, and its blob. */
    record Told(VfsResponse response, Optional<Blob> blob) { }

    /** @throws CommandException when it cannot be done: says why */
    VfsResponse ask(String path, VfsAction action) throws CommandException, InterruptedException {
        return ask(path, action, Optional.empty()).response();
    }

    Told ask(String path, VfsAction action, Optional<Blob> blob) throws CommandException, InterruptedException {
        Told told = tryAsk(path, action, blob);
        if (told.response().isError()) {
            throw CommandException.failed(switch (told.response()) {
                case VfsResponse.IoError(String error) -> error;
                case VfsResponse.MalformedRequest it -> malformed(path);
                case VfsResponse other -> "vfs answered " + new String(other.encode(), java.nio.charset.StandardCharsets.UTF_8);
            });
        }
        return told;
    }

    private static String malformed(String path) {
        return "\"" + path + "\" is no path of a file or folder in a drive; such are /package:publisher/drive/file, with at most 4096 characters"
                + " and 255 in a name, none of them a backslash or a control character";
    }

    /** @throws CommandException when nothing in a drive can be called so */
    void requirePath(String path) throws CommandException, InterruptedException {
        if (tryAsk(path, new VfsAction.Metadata(), Optional.empty()).response() instanceof VfsResponse.MalformedRequest) {
            throw CommandException.failed(malformed(path));
        }
    }

    /** As {@link #ask}; an error is given back. */
    Told tryAsk(String path, VfsAction action, Optional<Blob> blob) throws CommandException, InterruptedException {
        Request request = Request.of(new VfsRequest(path, action).encode()).expecting(SECONDS);
        Answer answer = Requests.ask(node, self, VFS, request, blob);
        return new Told(VfsResponse.parse(answer.response().body()), answer.blob());
    }

    /** What a folder holds; of {@code /}: the packages, of {@code /package:publisher}: its drives. */
    List<VfsResponse.Entry> list(String path) throws CommandException, InterruptedException {
        return ((VfsResponse.Listing) ask(path, new VfsAction.ReadDir())).entries();
    }

    /** What is at a path, if something is. */
    Optional<VfsResponse.Metadata> find(String path) throws CommandException, InterruptedException {
        return tryAsk(path, new VfsAction.Metadata(), Optional.empty()).response() instanceof VfsResponse.Metadata found
                ? Optional.of(found) : Optional.empty();
    }
}
