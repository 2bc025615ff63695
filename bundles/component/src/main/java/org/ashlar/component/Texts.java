package org.ashlar.component;

import org.ashlar.api.wasm.WasmExtern;

/**
 * The short texts that an instance handed out of late. Names of nodes, packages and processes come again with every message,
 * and are found by their bytes, without a copy of these and without a new text. One for each instance, so that none can push out
 * what another uses; for its thread.
 */
final class Texts {
    /** In bytes. */
    static final int LONGEST = 64;
    /** A power of two. */
    private static final int KEPT = 32;
    private static final String[] NONE = {};

    private String[] kept = NONE;

    /** The text that these bytes are, if all of them are ASCII and it is known; otherwise null. At least one byte, inside the memory. */
    String find(WasmExtern.Memory memory, int address, int length) {
        if (kept.length == 0) {
            return null;
        }
        String text = kept[slot(length, memory.readByte(address), memory.readByte(address + length - 1))];
        return text != null && text.length() == length && isAt(memory, address, text) ? text : null;
    }

    private static boolean isAt(WasmExtern.Memory memory, int address, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != memory.readByte(address + i)) {
                return false;
            }
        }
        return true;
    }

    /** @param text of ASCII, at least one and at most {@link #LONGEST} characters */
    void remember(String text) {
        if (kept.length == 0) {
            kept = new String[KEPT];
        }
        kept[slot(text.length(), text.charAt(0), text.charAt(text.length() - 1))] = text;
    }

    private static int slot(int length, int first, int last) {
        return (length * 31 + first) * 31 + last & KEPT - 1;
    }
}
