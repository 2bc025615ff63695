package org.ashlar.component.binary;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Gives a core module the type section that all modules of its component share, and renumbers its type indices to fit.
 * <p>
 * Why: the engines check a {@code call_indirect} that reaches another module with the caller's type index in the callee's
 * type section. With one section for all the index means the same in both.
 */
public final class CoreModuleRewriter {
    private final byte[] source;
    private final int[] numbers;
    private final ByteArrayOutputStream out;
    private int copied;

    private CoreModuleRewriter(CoreModule module) {
        this.source = module.bytes().array();
        this.numbers = module.typeNumbers();
        this.out = new ByteArrayOutputStream(module.bytes().length() + 1024);
    }

    /** The module with the types of {@code types}; it must have been read with them. */
    public static byte[] rewrite(CoreModule module, CoreTypes types) {
        CoreModuleRewriter rewriter = new CoreModuleRewriter(module);
        rewriter.module(module.bytes().reader(), CoreTypeWriter.section(types));
        return rewriter.out.toByteArray();
    }

    private void module(ByteReader in, byte[] typeSection) {
        copied = in.position();
        in.skip(8);
        flush(in.position());
        Optional<byte[]> pending = Optional.of(typeSection);
        while (!in.atEnd()) {
            int start = in.position();
            int id = in.octet();
            ByteReader section = in.slice(in.u32());
            if (id == 0 || id == 1) {
                // The new section takes the place of the old one; custom sections may stand before it.
                copied = start;
                if (id == 0) {
                    flush(in.position());
                }
                continue;
            }
            pending.ifPresent(bytes -> section(1, bytes));
            pending = Optional.empty();
            copied = start;
            if (hasTypeIndices(id)) {
                section(id, rewritten(id, section));
            } else {
                flush(in.position());
            }
        }
        pending.ifPresent(bytes -> section(1, bytes));
    }

    private static boolean hasTypeIndices(int id) {
        return switch (id) {
            case 2, 3, 4, 6, 9, 10, 13 -> true;
            default -> false;
        };
    }

    private void section(int id, byte[] content) {
        out.write(id);
        CoreTypeWriter.u32(out, content.length);
        out.writeBytes(content);
    }

    private byte[] rewritten(int id, ByteReader section) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(section.remaining() + 64);
        new SectionCopy(section, content).copy(id);
        return content.toByteArray();
    }

    private void flush(int end) {
        out.write(source, copied, end - copied);
        copied = end;
    }

    /** Copies one section, or one function's code, replacing the type indices on the way. */
    private final class SectionCopy implements CoreCode.TypeUse {
        private final ByteReader in;
        private final CoreCode code;
        private final ByteArrayOutputStream content;
        private int from;

        SectionCopy(ByteReader in, ByteArrayOutputStream content) {
            this.in = in;
            this.code = new CoreCode(in, this);
            this.content = content;
            this.from = in.position();
        }

        void copy(int id) {
            if (id == 10) {
                functions();
                return;
            }
            int count = in.u32();
            for (int i = 0; i < count; i++) {
                item(id);
            }
            finish();
        }

        private void finish() {
            content.write(source, from, in.position() - from);
            from = in.position();
        }

        @Override
        public void at(int start, int end, int index, boolean signed) {
            if (index >= numbers.length) {
                throw Rejected.invalid("unknown type " + index + ": type index out of bounds");
            }
            content.write(source, from, start - from);
            from = end;
            if (signed) {
                CoreTypeWriter.signed(content, numbers[index]);
            } else {
                CoreTypeWriter.u32(content, numbers[index]);
            }
        }

        private void item(int id) {
            switch (id) {
                case 2 -> importItem();
                case 3 -> index();
                case 4 -> table();
                case 6 -> {
                    code.valueType();
                    in.octet();
                    code.expression();
                }
                case 9 -> elements();
                default -> {
                    in.octet();
                    index();
                }
            }
        }

        private void index() {
            int start = in.position();
            int index = in.index();
            at(start, in.position(), index, false);
        }

        private void importItem() {
            in.name();
            in.name();
            switch (in.octet()) {
                case 0 -> index();
                case 1 -> {
                    code.valueType();
                    bounds();
                }
                case 2 -> bounds();
                case 3 -> {
                    code.valueType();
                    in.octet();
                }
                default -> {
                    in.octet();
                    index();
                }
            }
        }

        private void bounds() {
            int flags = in.octet();
            in.u64();
            if ((flags & 0x01) != 0) {
                in.u64();
            }
            if ((flags & 0x08) != 0) {
                in.u32();
            }
        }

        private void table() {
            boolean initialised = in.peek() == 0x40;
            if (initialised) {
                in.skip(2);
            }
            code.valueType();
            bounds();
            if (initialised) {
                code.expression();
            }
        }

        /** An element segment: core binary format, "Element Section". */
        private void elements() {
            int flags = in.u32();
            boolean active = (flags & 1) == 0;
            boolean explicit = (flags & 2) != 0;
            boolean expressions = (flags & 4) != 0;
            if (active && explicit) {
                in.u32();
            }
            if (active) {
                code.expression();
            }
            if (explicit || !active) {
                if (expressions) {
                    code.valueType();
                } else {
                    in.octet();
                }
            }
            int count = in.u32();
            for (int i = 0; i < count; i++) {
                if (expressions) {
                    code.expression();
                } else {
                    in.u32();
                }
            }
        }

        private void functions() {
            int count = in.u32();
            CoreTypeWriter.u32(content, count);
            for (int i = 0; i < count; i++) {
                ByteReader body = in.slice(in.u32());
                ByteArrayOutputStream rewritten = new ByteArrayOutputStream(body.remaining() + 16);
                new SectionCopy(body, rewritten).function();
                CoreTypeWriter.u32(content, rewritten.size());
                content.writeBytes(rewritten.toByteArray());
            }
        }

        private void function() {
            int groups = in.u32();
            for (int i = 0; i < groups; i++) {
                in.u32();
                code.valueType();
            }
            code.expression();
            finish();
        }
    }

    /** Rewrites those modules whose functions can meet; the others keep their bytes. */
    public static List<byte[]> rewriteAll(List<CoreModule> modules, CoreTypes types) {
        boolean several = modules.stream().filter(CoreModule::mayShareFunctions).count() > 1;
        return modules.stream().map(module -> several && module.mayShareFunctions()
                ? rewrite(module, types) : module.bytes().copy()).toList();
    }
}
