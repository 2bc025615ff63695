package org.ashlar.component.binary;

/** What an index space holds; core sorts first. */
public enum Sort {
    CORE_FUNCTION("core function"),
    CORE_TABLE("table"),
    CORE_MEMORY("memory"),
    CORE_GLOBAL("global"),
    CORE_TAG("tag"),
    CORE_TYPE("core type"),
    CORE_MODULE("module"),
    CORE_INSTANCE("core instance"),
    FUNCTION("func"),
    VALUE("value"),
    TYPE("type"),
    COMPONENT("component"),
    INSTANCE("instance");

    private final String text;

    Sort(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }

    static Sort readCore(ByteReader in, String what) {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> CORE_FUNCTION;
            case 0x01 -> CORE_TABLE;
            case 0x02 -> CORE_MEMORY;
            case 0x03 -> CORE_GLOBAL;
            case 0x04 -> CORE_TAG;
            case 0x10 -> CORE_TYPE;
            case 0x11 -> CORE_MODULE;
            case 0x12 -> CORE_INSTANCE;
            default -> throw in.badByte(code, what);
        };
    }

    static Sort read(ByteReader in, String what) {
        int code = in.octet();
        return switch (code) {
            case 0x00 -> readCore(in, what);
            case 0x01 -> FUNCTION;
            case 0x02 -> VALUE;
            case 0x03 -> TYPE;
            case 0x04 -> COMPONENT;
            case 0x05 -> INSTANCE;
            default -> throw in.badByte(code, what);
        };
    }
}
