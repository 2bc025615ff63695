package org.ashlar.repository;

/** Is told how far something is: often, and from several threads. What it throws ends what it watches. */
@FunctionalInterface
public interface Watcher {
    /** Nobody watches. */
    Watcher NONE = (done, total) -> { };

    /** @param done and {@code total}: bytes */
    void at(long done, long total);
}
