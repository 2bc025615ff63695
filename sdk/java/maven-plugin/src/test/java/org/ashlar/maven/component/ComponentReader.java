package org.ashlar.maven.component;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads back what the tests ask of a component: its core modules and the names of its imports and exports. */
record ComponentReader(List<byte[]> coreModules, List<String> imports, List<String> exports) {

    private static final int COMPONENT = 0x0001000d;

    static ComponentReader read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != 0x6d736100 || in.getInt() != COMPONENT) {
            throw new IllegalArgumentException("not a component");
        }
        ComponentReader component = new ComponentReader(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        while (in.hasRemaining()) {
            int id = in.get();
            byte[] content = new byte[number(in)];
            in.get(content);
            component.add(id, content);
        }
        return component;
    }

    private void add(int id, byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        switch (id) {
            case 1 -> coreModules.add(content);
            case 10 -> {
                for (int count = number(in); count > 0; count--) {
                    imports.add(name(in));
                    in.get();
                    number(in);
                }
            }
            case 11 -> {
                for (int count = number(in); count > 0; count--) {
                    exports.add(name(in));
                    in.get();
                    number(in);
                    in.get();
                }
            }
            default -> { }
        }
    }

    private static String name(ByteBuffer in) {
        in.get();
        byte[] text = new byte[number(in)];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static int number(ByteBuffer in) {
        int value = 0;
        int shift = 0;
        int next;
        do {
            next = in.get();
            value |= (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
