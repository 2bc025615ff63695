package org.ashlar.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The targets that a person added: each a file in {@code <home>/config/}, which the next start reads, and the same as a configuration of the
 * node that runs.
 */
final class Configurations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path folder;
    private final ConfigurationAdmin admin;

    Configurations(Path home, ConfigurationAdmin admin) {
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

    void add(String name, String pid, Map<String, Object> values) throws IOException {
        Hashtable<String, Object> properties = new Hashtable<>(values);
        properties.put(BackupTarget.NAME, name);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode one = json.putObject(pid + "~" + name);
        properties.forEach((key, value) -> one.putPOJO(key, value));
        PrivateFile.write(file(name), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        admin.getFactoryConfiguration(pid, name, "?").update(properties);
    }

    /** @param name one that {@link #isName}; @return whether there was one */
    boolean remove(String name) throws IOException {
        boolean was = has(name);
        PrivateFile.delete(file(name));
        try {
            Configuration[] found = admin.listConfigurations("(" + BackupTarget.NAME + "=" + name + ")");
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                configuration.delete();
                was = true;
            }
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return was;
    }
}
