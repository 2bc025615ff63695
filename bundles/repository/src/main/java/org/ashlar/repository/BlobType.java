package org.ashlar.repository;

/** What a blob holds. */
enum BlobType {
    /** A piece of a file. */
    DATA("data"),
    /** The entries of a folder. */
    TREE("tree");

    final String text;

    BlobType(String text) {
        this.text = text;
    }

    static BlobType parse(String text) {
        return switch (text) {
            case "data" -> DATA;
            case "tree" -> TREE;
            default -> throw new DamagedException("\"" + Text.shown(text) + "\" is no type of blob");
        };
    }
}
