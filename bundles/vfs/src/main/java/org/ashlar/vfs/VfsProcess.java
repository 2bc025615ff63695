package org.ashlar.vfs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.service.Providers;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsRequest;
import org.ashlar.codec.VfsResponse;
import org.ashlar.senders.Departures;
import org.ashlar.senders.Grants;
import org.ashlar.senders.Workers;
import org.ashlar.vfs.Access.Kind;
import org.ashlar.vfs.Access.Refused;

/**
 * The system process {@code vfs:distro:sys} (reference-modules 3). The Requests of one sender are carried out and answered
 * in the order they were sent.
 */
final class VfsProcess implements SystemProcess, AutoCloseable {
    /** File work at one time; a sender has one piece under way, so this many senders can hold up the others. */
    static final int THREADS = 16;
    /** Pieces of up to so many bytes are read and written within microseconds. */
    private static final int BRIEF = 64 << 10;

    private final DriveTree tree;
    private final Handles handles;
    private final Asked.Reader reader = new Asked.Reader();
    private final ReadBudget budget = new ReadBudget();
    private final FileReading reading;
    private final FileWriting writing;
    private final FolderActions folders;
    private final Grants grants;
    private final Departures departures;
    private final Workers workers = new Workers("ashlar-vfs-", THREADS);

    VfsProcess(DriveTree tree, Providers<Kernel> kernels) {
        this.tree = tree;
        handles = new Handles(FileWriting.opener(tree));
        reading = new FileReading(tree, handles, budget);
        writing = new FileWriting(tree, handles);
        folders = new FolderActions(tree, handles);
        grants = new Grants(kernels);
        departures = new Departures("ashlar-vfs-departures", kernels, handles);
    }

    Handles handles() {
        return handles;
    }

    ReadBudget budget() {
        return budget;
    }

    /** A drive is another one now, or gone: files that are open in it are closed. */
    void replaced(DrivePath drive) {
        tree.volume(drive).forget();
        handles.closeBelow(drive);
    }

    /** Ends what was begun; what comes afterwards is handed back. Handles stay, for {@link Succession}. */
    @Override
    public void close() {
        workers.close();
        departures.close();
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        Asked asked = reader.read(request.message().body());
        Optional<Outcome> ready = ready(asked, request, reply);
        if (ready.isPresent()) {
            answer(ready.get(), request, reply);
        } else if (isBrief(asked, request)) {
            workers.handleBrief(request, reply, () -> {
                Outcome outcome = outcome(asked, request, reply);
                return () -> answer(outcome, request, reply);
            });
        } else {
            workers.handle(request, reply, () -> answer(outcome(asked, request, reply), request, reply));
        }
    }

    /** Whether it takes microseconds, unless it has to wait for the disk itself. */
    private static boolean isBrief(Asked asked, Envelope request) {
        return asked.body().isPresent() && switch (asked.body().get().action()) {
            case VfsAction.ReadExact(long length) -> length <= BRIEF;
            case VfsAction.WriteAll a -> request.blob().isPresent() && request.blob().get().length() <= BRIEF;
            case VfsAction.Append a -> request.blob().isPresent() && request.blob().get().length() <= BRIEF;
            case VfsAction.Seek a -> true;
            default -> false;
        };
    }

    /** What needs no file: the calls of the kernel are on threads that must not wait for one, and another thread would have to be woken. */
    private Optional<Outcome> ready(Asked asked, Envelope request, Reply reply) {
        if (asked.path().isEmpty() || !(asked.body().get().action() instanceof VfsAction.ReadExact(long length))
                || !request.source().node().equals(request.target().node())) {
            return Optional.empty();
        }
        try {
            DrivePath path = asked.path().get();
            new Access(request, reply).require(Kind.READ, path);
            return reading.ready(request.source().process(), path, length);
        } catch (Refused e) {
            return Optional.of(Outcome.of(e.answer()));
        }
    }

    private static void answer(Outcome outcome, Envelope request, Reply reply) {
        try (ReadBudget.Share share = outcome.share()) {
            reply.respond(Response.of(outcome.answer().encode()).withMetadata(request.message().metadata()), outcome.blob());
        }
    }

    private Outcome outcome(Asked asked, Envelope request, Reply reply) {
        String path = asked.body().map(VfsRequest::path).orElse("");
        try {
            return asked.body().isEmpty() ? Outcome.of(new VfsResponse.MalformedRequest()) : carryOut(asked, request, reply);
        } catch (Refused e) {
            return Outcome.of(e.answer());
        } catch (ZipUnpacking.BadZip e) {
            return Outcome.of(new VfsResponse.ParseError(e.getMessage(), path));
        } catch (IOException e) {
            return Outcome.of(new VfsResponse.IoError(path + ": " + reason(e)));
        }
    }

    private Outcome carryOut(Asked asked, Envelope request, Reply reply) throws IOException, Refused {
        VfsRequest body = asked.body().get();
        Access access = new Access(request, reply);
        ProcessId sender = request.source().process();
        if (body.action() instanceof VfsAction.ReadDir && names(body.path()).size() < 2) {
            return listAbove(names(body.path()), access);
        }
        DrivePath path = asked.path().orElseThrow(VfsProcess::malformed);
        access.require(Kind.of(body.action()), path);
        return switch (body.action()) {
            case VfsAction.CreateDrive a -> createDrive(path, access, request);
            case VfsAction.CreateDir a -> folders.create(path);
            case VfsAction.CreateDirAll a -> folders.createAll(path);
            case VfsAction.CreateFile a -> writing.create(sender, path);
            case VfsAction.OpenFile(boolean create) -> writing.open(sender, path, create);
            case VfsAction.CloseFile a -> {
                handles.close(sender, path);
                yield Outcome.DONE;
            }
            case VfsAction.Write a -> writing.replace(path, blob(request));
            case VfsAction.WriteAll a -> writing.atCursor(sender, path, blob(request));
            case VfsAction.Append a -> writing.append(sender, path, blob(request));
            case VfsAction.SyncAll a -> writing.sync(sender, path);
            case VfsAction.Read a -> reading.whole(path);
            case VfsAction.ReadToEnd a -> reading.toEnd(sender, path);
            case VfsAction.ReadExact(long length) -> reading.exactly(sender, path, length);
            case VfsAction.ReadToString a -> reading.text(sender, path);
            case VfsAction.Seek(VfsAction.Origin origin) -> reading.seek(sender, path, origin);
            case VfsAction.ReadDir a -> folders.list(path);
            case VfsAction.RemoveFile a -> folders.removeFile(path);
            case VfsAction.RemoveDir a -> folders.remove(path);
            case VfsAction.RemoveDirAll a -> folders.removeAll(path);
            case VfsAction.Rename(String to) -> folders.rename(path, second(to, access));
            case VfsAction.CopyFile(String to) -> writing.copy(path, second(to, access));
            case VfsAction.Metadata a -> folders.metadata(path);
            case VfsAction.Len a -> reading.length(path);
            case VfsAction.SetLen(long length) -> writing.setLength(path, length);
            case VfsAction.Hash a -> reading.hash(sender, path);
            case VfsAction.AddZip a -> ZipUnpacking.unpack(tree, folders, writing, path, blob(request));
            case VfsAction.DriveUsage a -> folders.usage(path);
        };
    }

    private static DrivePath path(String path) throws Refused {
        try {
            return DrivePath.parse(path);
        } catch (IOException e) {
            throw malformed();
        }
    }

    private static Refused malformed() {
        return new Refused(new VfsResponse.MalformedRequest());
    }

    private static List<String> names(String path) throws Refused {
        try {
            return DrivePath.names(path);
        } catch (IOException e) {
            throw malformed();
        }
    }

    private static DrivePath second(String path, Access access) throws Refused {
        DrivePath parsed = path(path);
        access.require(Kind.WRITE, parsed);
        return parsed;
    }

    private static Blob blob(Envelope request) throws Refused {
        return request.blob().orElseThrow(() -> new Refused(new VfsResponse.NoBlob()));
    }

    /** The packages, or the drives of one: for the root alone. */
    private Outcome listAbove(List<String> names, Access access) throws IOException, Refused {
        if (!access.isRoot()) {
            throw new Refused(names.isEmpty() ? new VfsResponse.NoReadCap() : new VfsResponse.MalformedRequest());
        }
        return folders.list(names);
    }

    private Outcome createDrive(DrivePath path, Access access, Envelope request) throws IOException {
        folders.createDrive(path);
        List<Capability> missing = List.of(Kind.READ, Kind.WRITE).stream().filter(kind -> !access.holds(kind, path))
                .map(kind -> Access.capability(request.target(), kind, path)).toList();
        boolean given = missing.isEmpty() || grants.give(request.target(), request.source().process(), missing);
        return given ? Outcome.DONE : Outcome.of(new VfsResponse.AddCapFailed());
    }

    /** What a person can act on; the path stands before it. */
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file or folder";
            case FileAlreadyExistsException exists -> "is there already";
            case DirectoryNotEmptyException full -> "is not empty";
            case NotDirectoryException none -> "something on the way is no folder";
            case AccessDeniedException denied -> "the node's own user may not use it";
            case FileSystemException other -> Optional.ofNullable(other.getReason()).orElse("cannot be used");
            default -> String.valueOf(e.getMessage());
        };
    }
}
