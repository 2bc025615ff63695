package org.ashlar.api.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A kind of targets, by how people write where one is. In a node a provider registers it as a service, and a target of that kind is
 * made from a configuration; on an empty machine, where a node is restored and no framework runs, it is found by a {@link ServiceLoader}.
 * <p>
 * Threads: any number. No method keeps anything.
 */
public interface BackupTargetKind {
    /** Whether {@code location} is one of this kind: a URL, or a path for a folder. */
    boolean isFor(String location);

    /** The PID of the factory configurations that make targets of this kind in a node. */
    String pid();

    /** Options that a person may give beside the location, without dashes, such as {@code host-key}. */
    default Set<String> options() {
        return Set.of();
    }

    /**
     * The configuration of a target; {@link BackupTarget#NAME} is added by the caller. Nothing in it is secret: it is shown, and is in
     * every snapshot. A location with a password in it is refused.
     *
     * @param folder  what a relative path starts from
     * @param options of those in {@link #options}, what was given
     * @throws IOException when {@code location} or an option cannot be meant, with a line that says why
     */
    Map<String, Object> configuration(String location, Path folder, Map<String, String> options) throws IOException;

    /**
     * What a target of this configuration has to be told besides, in the order of {@link Credential#values}; empty when nothing is.
     *
     * @param configuration one from {@link #configuration}
     * @throws IOException when what the configuration names cannot be used, with a line that says why
     */
    default List<Credential.Part> credential(Map<String, Object> configuration) throws IOException {
        return List.of();
    }

    /**
     * Opens a target by itself, to read what is there: a place that is missing is an error, and not made. The caller closes it.
     *
     * @param configuration one from {@link #configuration}
     * @param credential    with as many values as {@link #credential} has parts
     */
    BackupTarget open(Map<String, Object> configuration, Credential credential) throws IOException;
}
