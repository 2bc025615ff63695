package org.ashlar.wasi;

import org.ashlar.component.Result;
import org.ashlar.component.Unit;
import org.ashlar.component.Variant;

/** {@code wasi:io}: errors, pollables and streams. */
final class IoInterfaces {
    private static final int LAST_OPERATION_FAILED = 0;
    private static final Variant CLOSED = Variant.of(1);

    private IoInterfaces() {
    }

    static void define(Interfaces<?> interfaces) {
        interfaces.in("wasi:io/error").resource("error", IoError.class)
                .function("[method]error.to-debug-string", (_, a) -> a.resource(0, IoError.class).message());
        interfaces.in("wasi:io/poll").resource("pollable", Pollable.class)
                .function("[method]pollable.ready", (wasi, a) -> wasi.clocks().ready(a.resource(0, Pollable.class)))
                .function("[method]pollable.block", (wasi, a) -> wasi.clocks().poll(java.util.List.of(a.resource(0, Pollable.class))))
                .function("poll", (wasi, a) -> wasi.clocks().poll(a.resources(0, Pollable.class)));
        Interfaces<?>.Interface streams = interfaces.in("wasi:io/streams").resource("error", IoError.class)
                .resource("pollable", Pollable.class);
        defineInput(streams);
        defineOutput(streams);
    }

    private static void defineInput(Interfaces<?>.Interface streams) {
        streams.resource("input-stream", GuestInput.class);
        for (String blocking : new String[] {"", "blocking-"}) {
            // A read waits for the file either way, so that the two kinds are one.
            streams.function("[method]input-stream." + blocking + "read",
                            (wasi, a) -> result(wasi, () -> input(a, 0).read(a.number(1))))
                    .function("[method]input-stream." + blocking + "skip",
                            (wasi, a) -> result(wasi, () -> (long) input(a, 0).read(a.number(1)).length));
        }
        streams.function("[method]input-stream.subscribe", (wasi, _) -> wasi.grant(Pollable.ready()));
    }

    private static void defineOutput(Interfaces<?>.Interface streams) {
        streams.resource("output-stream", GuestOutput.class)
                .function("[method]output-stream.check-write", (wasi, a) -> result(wasi, () -> output(a).checkWrite()))
                .function("[method]output-stream.write",
                        (wasi, a) -> done(wasi, () -> output(a).write(a.bytes(1))))
                .function("[method]output-stream.blocking-write-and-flush",
                        (wasi, a) -> done(wasi, () -> output(a).blockingWrite(a.bytes(1))))
                .function("[method]output-stream.flush", (wasi, a) -> done(wasi, () -> output(a).flush()))
                .function("[method]output-stream.blocking-flush", (wasi, a) -> done(wasi, () -> output(a).flush()))
                .function("[method]output-stream.subscribe", (wasi, _) -> wasi.grant(Pollable.ready()))
                .function("[method]output-stream.write-zeroes",
                        (wasi, a) -> done(wasi, () -> output(a).writeZeroes(a.number(1))))
                .function("[method]output-stream.blocking-write-zeroes-and-flush",
                        (wasi, a) -> done(wasi, () -> output(a).blockingWriteZeroes(a.number(1))));
        for (String blocking : new String[] {"", "blocking-"}) {
            streams.function("[method]output-stream." + blocking + "splice",
                    (wasi, a) -> result(wasi, () -> output(a).splice(input(a, 1), a.number(2))));
        }
    }

    private static GuestInput input(Arguments arguments, int index) {
        return arguments.resource(index, GuestInput.class);
    }

    private static GuestOutput output(Arguments arguments) {
        return arguments.resource(0, GuestOutput.class);
    }

    private static Result done(WasiContext wasi, StreamAction action) {
        return result(wasi, () -> {
            action.run();
            return Unit.VALUE;
        });
    }

    private static Result result(WasiContext wasi, StreamWork work) {
        try {
            return Result.success(work.run());
        } catch (StreamClosed e) {
            return Result.error(CLOSED);
        } catch (FileError e) {
            return Result.error(Variant.of(LAST_OPERATION_FAILED, wasi.grant(new IoError(e.code(), e.getMessage()))));
        }
    }

    @FunctionalInterface
    private interface StreamWork {
        Object run() throws StreamClosed, FileError;
    }

    @FunctionalInterface
    private interface StreamAction {
        void run() throws StreamClosed, FileError;
    }
}
