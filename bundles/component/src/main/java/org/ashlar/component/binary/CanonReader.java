package org.ashlar.component.binary;

import java.util.HashMap;
import java.util.Map;

/** Reads canonical definitions ({@code Binary.md}, "Canonical Definitions"). */
final class CanonReader {
    /**
     * A built-in of the parts of the component model that are not supported. They are read all the same, so that the
     * message can name what is used.
     *
     * @param operands one letter each: {@code i} index, {@code b} boolean, {@code o} options, {@code r} result list,
     *                 {@code v} core value type
     */
    private record BuiltIn(String name, String operands) { }

    private static final Map<Integer, BuiltIn> UNSUPPORTED = new HashMap<>();

    static {
        String[] table = {
            "05 task.cancel", "06 subtask.cancel b", "09 task.return ro", "0a context.get vi", "0b context.set vi",
            "0c thread.yield b", "0d subtask.drop", "0e stream.new i", "0f stream.read io", "10 stream.write io",
            "11 stream.cancel-read ib", "12 stream.cancel-write ib", "13 stream.drop-readable i",
            "14 stream.drop-writable i", "15 future.new i", "16 future.read io", "17 future.write io",
            "18 future.cancel-read ib", "19 future.cancel-write ib", "1a future.drop-readable i",
            "1b future.drop-writable i", "1c error-context.new o", "1d error-context.debug-message o",
            "1e error-context.drop", "1f waitable-set.new", "20 waitable-set.wait bi", "21 waitable-set.poll bi",
            "22 waitable-set.drop", "23 waitable.join", "24 backpressure.inc", "25 backpressure.dec", "26 thread.index",
            "27 thread.new-indirect ii", "28 thread.resume-later", "29 thread.suspend b",
            "2a thread.suspend-then-resume b", "2b thread.yield-then-resume b", "2c thread.suspend-then-promote b",
            "2d thread.yield-then-promote b", "40 thread.spawn-ref bi", "41 thread.spawn-indirect bii",
            "42 thread.available-parallelism b",
        };
        for (String row : table) {
            String[] columns = row.split(" ");
            UNSUPPORTED.put(Integer.parseInt(columns[0], 16), new BuiltIn(columns[1], columns.length > 2 ? columns[2] : ""));
        }
    }

    private final ByteReader in;
    private final TypeReader types;

    CanonReader(ByteReader in, TypeReader types) {
        this.in = in;
        this.types = types;
    }

    Definition definition() {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> {
                zero("canonical function lift");
                yield new Definition.Lift(in.index(), options(), in.index());
            }
            case 0x01 -> {
                zero("canonical function lower");
                yield new Definition.Lower(in.index(), options());
            }
            case 0x02 -> new Definition.ResourceNew(in.index());
            case 0x03 -> new Definition.ResourceDrop(in.index());
            case 0x04 -> new Definition.ResourceRep(in.index());
            default -> throw unsupported(code);
        };
    }

    private void zero(String what) {
        int code = in.octet();
        if (code != 0) {
            throw in.badByte(code, what);
        }
    }

    private Rejected unsupported(int code) {
        BuiltIn builtIn = UNSUPPORTED.get(code);
        if (builtIn == null) {
            return in.badByte(code, "canonical function");
        }
        for (char operand : builtIn.operands.toCharArray()) {
            switch (operand) {
                case 'i' -> in.index();
                case 'b' -> flag();
                case 'o' -> options();
                case 'r' -> types.skipResult();
                default -> CoreTypeReader.valueType(in);
            }
        }
        return Rejected.unsupported("asynchronous built-in `" + builtIn.name + "`");
    }

    private void flag() {
        if (in.octet() > 1) {
            throw in.malformed("invalid boolean value");
        }
    }

    private Definition.Options options() {
        return new Definition.Options(in.vector("canonical options", Limits.TYPE_MEMBERS, this::option));
    }

    private Definition.Option option() {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> new Definition.Option.Encoding(Definition.StringEncoding.UTF8);
            case 0x01 -> new Definition.Option.Encoding(Definition.StringEncoding.UTF16);
            case 0x02 -> new Definition.Option.Encoding(Definition.StringEncoding.LATIN1_UTF16);
            case 0x03 -> new Definition.Option.Memory(in.index());
            case 0x04 -> new Definition.Option.Realloc(in.index());
            case 0x05 -> new Definition.Option.PostReturn(in.index());
            case 0x06 -> new Definition.Option.Async();
            case 0x07 -> new Definition.Option.Callback(in.index());
            default -> throw in.badByte(code, "canonical option");
        };
    }
}
