package org.ashlar.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.ashlar.component.Result;
import org.ashlar.component.Unit;

/** {@code wasi:filesystem}. */
final class FilesystemInterfaces {
    private static final long SYMLINK_FOLLOW = 1;

    private FilesystemInterfaces() {
    }

    static void define(Interfaces<?> interfaces) {
        interfaces.in("wasi:filesystem/preopens").resource("descriptor", Descriptor.class)
                .function("get-directories", (wasi, _) -> directories(wasi));
        Interfaces<?>.Interface types = interfaces.in("wasi:filesystem/types")
                .resource("input-stream", GuestInput.class).resource("output-stream", GuestOutput.class)
                .resource("error", IoError.class).resource("descriptor", Descriptor.class)
                .resource("directory-entry-stream", DirectoryEntries.class)
                .function("[method]directory-entry-stream.read-directory-entry", (wasi, a) ->
                        result(() -> nextEntry(wasi, a.resource(0, DirectoryEntries.class))))
                .function("filesystem-error-code", (_, a) -> Optional.of(a.resource(0, IoError.class).code().ordinal()));
        defineContent(types);
        defineProperties(types);
        defineNames(types);
    }

    /** What is in a file. */
    private static void defineContent(Interfaces<?>.Interface types) {
        types.function("[method]descriptor.read", (wasi, a) ->
                        result(wasi, () -> file(a).read(a.number(1), a.number(2))))
                .function("[method]descriptor.write", (wasi, a) ->
                        result(wasi, () -> file(a).write(a.bytes(1), a.number(2))))
                .function("[method]descriptor.read-via-stream", (wasi, a) -> result(() ->
                        wasi.grant(new GuestInput.OfFile(file(a).readable(), a.number(1), wasi.blocking()))))
                .function("[method]descriptor.write-via-stream", (wasi, a) -> result(() ->
                        wasi.grant(GuestOutput.ToFile.at(file(a).writable(), a.number(1), wasi.blocking()))))
                .function("[method]descriptor.append-via-stream", (wasi, a) -> result(() ->
                        wasi.grant(GuestOutput.ToFile.atEnd(file(a).writable(), wasi.blocking()))))
                .function("[method]descriptor.set-size", (wasi, a) -> done(wasi, () -> file(a).writable().setSize(a.number(1))))
                .function("[method]descriptor.advise", (_, a) -> result(() -> {
                    file(a);
                    return Unit.VALUE;
                }))
                .function("[method]descriptor.sync-data", (wasi, a) -> done(wasi, () -> descriptor(a).sync(false)))
                .function("[method]descriptor.sync", (wasi, a) -> done(wasi, () -> descriptor(a).sync(true)));
    }

    /** What is said about a file or directory. */
    private static void defineProperties(Interfaces<?>.Interface types) {
        types.function("[method]descriptor.get-flags", (_, a) -> Result.success(descriptor(a).flags()))
                .function("[method]descriptor.get-type", (_, a) -> Result.success(descriptor(a).type().ordinal()))
                .function("[method]descriptor.stat", (wasi, a) -> result(wasi, () -> stat(descriptor(a).stat())))
                .function("[method]descriptor.stat-at", (wasi, a) ->
                        result(wasi, () -> stat(directory(a).statAt(a.text(2), follows(a, 1)))))
                .function("[method]descriptor.set-times", (wasi, a) ->
                        done(wasi, () -> descriptor(a).setTimes(NewTimes.of(a.variant(1), a.variant(2), wasi.clocks().wall()))))
                .function("[method]descriptor.set-times-at", (wasi, a) ->
                        done(wasi, () -> directory(a).setTimesAt(a.text(2), follows(a, 1),
                                NewTimes.of(a.variant(3), a.variant(4), wasi.clocks().wall()))))
                .function("[method]descriptor.is-same-object", (wasi, a) -> isSame(wasi, descriptor(a),
                        a.resource(1, Descriptor.class)))
                .function("[method]descriptor.metadata-hash", (wasi, a) ->
                        result(wasi, () -> MetadataHash.of(descriptor(a).stat(), descriptor(a).secret())))
                .function("[method]descriptor.metadata-hash-at", (wasi, a) -> result(wasi, () ->
                        MetadataHash.of(directory(a).statAt(a.text(2), follows(a, 1)), directory(a).secret())));
    }

    /** What is in a directory. */
    private static void defineNames(Interfaces<?>.Interface types) {
        types.function("[method]descriptor.open-at", (wasi, a) -> grantedResult(wasi, () ->
                        directory(a).open(a.text(2), new OpenRequest(follows(a, 1), a.number(3), a.number(4)),
                                wasi.openFiles())))
                .function("[method]descriptor.read-directory", (wasi, a) ->
                        grantedResult(wasi, () -> directory(a).entries(wasi.openFiles())))
                .function("[method]descriptor.create-directory-at", (wasi, a) ->
                        done(wasi, () -> directory(a).createDirectory(a.text(1))))
                .function("[method]descriptor.remove-directory-at", (wasi, a) ->
                        done(wasi, () -> directory(a).removeDirectory(a.text(1))))
                .function("[method]descriptor.unlink-file-at", (wasi, a) -> done(wasi, () -> directory(a).unlink(a.text(1))))
                .function("[method]descriptor.rename-at", (wasi, a) -> done(wasi, () ->
                        directory(a).rename(a.text(1), directory(a.resource(2, Descriptor.class)), a.text(3))))
                .function("[method]descriptor.symlink-at", (wasi, a) ->
                        done(wasi, () -> directory(a).link(a.text(1), a.text(2))))
                .function("[method]descriptor.readlink-at", (wasi, a) ->
                        result(wasi, () -> directory(a).readLink(a.text(1))))
                // One name a file keeps the quota exact. EPERM is what Linux says where there are no hard links.
                .function("[method]descriptor.link-at", (_, _) -> Result.error(ErrorCode.NOT_PERMITTED.ordinal()));
    }

    private static List<Object[]> directories(WasiContext wasi) {
        List<Object[]> directories = new ArrayList<>();
        wasi.preopens().forEach((path, drive) -> directories.add(new Object[] {wasi.grant(drive.top()), path}));
        return directories;
    }

    private static Optional<Object[]> nextEntry(WasiContext wasi, DirectoryEntries entries) throws FileError {
        Optional<DirectoryEntries.Entry> next = entries.next();
        if (next.isEmpty()) {
            wasi.blocking().call(() -> {
                entries.fetch();
                return Unit.VALUE;
            });
            next = entries.next();
        }
        return next.map(entry -> new Object[] {entry.type().ordinal(), entry.name()});
    }

    private static boolean isSame(WasiContext wasi, Descriptor one, Descriptor other) {
        try {
            return wasi.blocking().call(() -> one.stat().key().equals(other.stat().key()));
        } catch (FileError e) {
            // The function cannot fail; what cannot be looked at is not known to be the same.
            return false;
        }
    }

    private static Object[] stat(FileStat stat) {
        return new Object[] {stat.type().ordinal(), stat.links(), stat.size(), time(stat.accessed()), time(stat.modified()),
            time(stat.changed())};
    }

    private static Optional<Object[]> time(Optional<java.nio.file.attribute.FileTime> time) {
        return time.map(t -> ClockInterfaces.datetime(t.toInstant()));
    }

    private static boolean follows(Arguments arguments, int index) {
        return (arguments.number(index) & SYMLINK_FOLLOW) != 0;
    }

    private static Descriptor descriptor(Arguments arguments) {
        return arguments.resource(0, Descriptor.class);
    }

    private static FileDescriptor file(Arguments arguments) throws FileError {
        return switch (descriptor(arguments)) {
            case FileDescriptor file -> file;
            case DirectoryDescriptor _ -> throw new FileError(ErrorCode.IS_DIRECTORY, "a directory");
        };
    }

    private static DirectoryDescriptor directory(Arguments arguments) throws FileError {
        return directory(descriptor(arguments));
    }

    private static DirectoryDescriptor directory(Descriptor descriptor) throws FileError {
        return switch (descriptor) {
            case DirectoryDescriptor directory -> directory;
            case FileDescriptor _ -> throw new FileError(ErrorCode.NOT_DIRECTORY, "a file, no directory");
        };
    }

    /** The outcome of file work whose result is a resource. */
    private static Result grantedResult(WasiContext wasi, FileWork<?> work) {
        return result(() -> wasi.grant(wasi.blocking().call(work)));
    }

    private static Result done(WasiContext wasi, FileAction action) {
        return result(wasi, () -> {
            action.run();
            return Unit.VALUE;
        });
    }

    /** The outcome of file work. */
    private static Result result(WasiContext wasi, FileWork<?> work) {
        return result(() -> wasi.blocking().call(work));
    }

    /** The outcome of something that needs no file work. */
    private static Result result(GuestWork work) {
        try {
            return Result.success(work.run());
        } catch (FileError e) {
            return Result.error(e.code().ordinal());
        }
    }

    @FunctionalInterface
    private interface GuestWork {
        Object run() throws FileError;
    }

    @FunctionalInterface
    private interface FileAction {
        void run() throws java.io.IOException, FileError;
    }
}
