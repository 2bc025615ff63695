package org.ashlar.api.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

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

    /**
     * The configuration of a target; {@link BackupTarget#NAME} is added by the caller.
     *
     * @param folder what a relative path starts from
     * @throws IOException when {@code location} cannot be meant, with a line that says why
     */
    Map<String, Object> configuration(String location, Path folder) throws IOException;

    /** Opens a target by itself, with a configuration from {@link #configuration}. The caller closes it. */
    BackupTarget open(Map<String, Object> configuration) throws IOException;
}
