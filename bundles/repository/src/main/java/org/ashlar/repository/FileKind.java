package org.ashlar.repository;

import java.util.Optional;

/** The kinds of files in a repository, and where they lie. */
enum FileKind {
    KEY("keys", 64 << 10),
    SNAPSHOT("snapshots", 4 << 20),
    INDEX("index", 64 << 20),
    LOCK("locks", 64 << 10),
    PACK("data", 256 << 20),
    /** Ours: packs that may go later. Other programs do not look into this folder. */
    MARK("marked", 64 << 20);

    static final String CONFIG = "config";
    static final int MAX_CONFIG = 64 << 10;

    final String folder;
    /** Largest file of this kind that is read whole, in bytes. */
    final int limit;

    FileKind(String folder, int limit) {
        this.folder = folder;
        this.limit = limit;
    }

    String path(Id id) {
        String name = id.toString();
        return this == PACK ? folder + '/' + name.substring(0, 2) + '/' + name : folder + '/' + name;
    }

    /** The id in a path of this kind; empty when something else lies there. */
    Optional<Id> id(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return Id.isId(name) && path.equals(path(Id.parse(name))) ? Optional.of(Id.parse(name)) : Optional.empty();
    }
}
