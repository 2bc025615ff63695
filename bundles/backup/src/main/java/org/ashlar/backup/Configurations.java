package org.ashlar.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The targets that a person added: each a file in {@code <home>/config/}, which the next start reads, and the same as a configuration of the
 * node that runs. Their credentials are files that the owner alone may read, apart from that and in no snapshot.
 */
final class Configurations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path home;
    private final Path folder;
    private final ConfigurationAdmin admin;

    Configurations(Path home, ConfigurationAdmin admin) {
        this.home = home;
        this.folder = home.resolve("config");
        this.admin = admin;
    }

    /** Whether a target may be called so: its name stands in the name of a file, and in a filter. */
    static boolean isName(String name) {
        return name.matches("[a-z0-9][a-z0-9-]{0,39}");
    }

    private Path file(String name) {
        return folder.resolve("backup-target-" + name + ".json");
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    /** A target that a person added. @param values its configuration */
    record Added(String pid, Map<String, Object> values) { }

    void add(String name, String pid, Map<String, Object> values, Credential credential) throws IOException {
        Hashtable<String, Object> properties = new Hashtable<>(values);
        properties.put(BackupTarget.NAME, name);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode one = json.putObject(pid + "~" + name);
        properties.forEach((key, value) -> one.putPOJO(key, value));
        if (!credential.values().isEmpty()) {
            write(name, credential);
        }
        PrivateFile.write(file(name), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        admin.getFactoryConfiguration(pid, name, "?").update(properties);
    }

    private void write(String name, Credential credential) throws IOException {
        PrivateFile.write(Credential.file(home, name), credential.lines().getBytes(StandardCharsets.UTF_8));
    }

    private List<Configuration> found(String name) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(" + BackupTarget.NAME + "=" + name + ")");
            return found == null ? List.of() : List.of(found);
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The target of that name, if a person added it. */
    Optional<Added> added(String name) throws IOException {
        if (!isName(name) || !has(name)) {
            return Optional.empty();
        }
        return found(name).stream().findFirst().map(configuration -> {
            Map<String, Object> values = new HashMap<>();
            Collections.list(configuration.getProperties().keys()).forEach(key -> values.put(key, configuration.getProperties().get(key)));
            return new Added(configuration.getFactoryPid(), values);
        });
    }

    /** Keeps another credential for a target that was added, and has the target made anew with it. */
    void credential(String name, Credential credential) throws IOException {
        write(name, credential);
        for (Configuration configuration : found(name)) {
            configuration.update(configuration.getProperties());
        }
    }

    /** @param name one that {@link #isName}; @return whether there was one */
    boolean remove(String name) throws IOException {
        boolean was = has(name);
        PrivateFile.delete(file(name));
        for (Configuration configuration : found(name)) {
            configuration.delete();
            was = true;
        }
        PrivateFile.delete(Credential.file(home, name));
        return was;
    }
}
