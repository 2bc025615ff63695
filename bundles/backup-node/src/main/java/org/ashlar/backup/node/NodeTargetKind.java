package org.ashlar.backup.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.BackupTargetKind;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;
import org.osgi.service.component.annotations.Component;

/** {@code node:NAME}. */
@Component(service = BackupTargetKind.class)
public final class NodeTargetKind implements BackupTargetKind {
    static final String NODE = "node";
    private static final String PREFIX = NODE + ":";

    @Override
    public boolean isFor(String location) {
        return location.startsWith(PREFIX);
    }

    @Override
    public String pid() {
        return NodeTarget.PID;
    }

    @Override
    public Map<String, Object> configuration(String location, Path folder, Map<String, String> options) throws IOException {
        try {
            String name = NodeName.checked(location.substring(PREFIX.length()));
            return Map.of(NODE, name, BackupTarget.LOCATION, PREFIX + name);
        } catch (IdentifierException e) {
            throw new IOException("another node is written " + PREFIX + "NAME, such as " + PREFIX + "alice.os: " + e.getMessage(), e);
        }
    }

    /** Another node is reached by one that runs, and this is asked where none does. */
    @Override
    public BackupTarget open(Map<String, Object> configuration, Credential credential) throws IOException {
        throw new IOException("only a node that runs can read from another node. Whoever runs " + configuration.get(NODE)
                + " has the backups as a folder, stored/NAME in its home: have that brought here, and name it instead");
    }
}
