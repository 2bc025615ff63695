package org.ashlar.launcher;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.cm.json.io.ConfigurationResource;
import org.apache.felix.cm.json.io.Configurations;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureConfiguration;
import org.osgi.service.feature.FeatureExtension;
import org.osgi.service.feature.ID;

/**
 * A feature file (OSGi Compendium 8.1, chapter 159) made ready to launch: its variables replaced, its bundles found in a
 * folder of the Maven layout. The names of the extension and of the metadata are those of chapter 160, Feature Launcher.
 *
 * @param bundles             what to install, in the order of the file
 * @param frameworkProperties what to launch the framework with
 * @param configurations      by PID ({@code factory~name} for a factory's)
 */
record NodeFeature(List<NodeBundle> bundles, Map<String, String> frameworkProperties,
                   Map<String, Map<String, Object>> configurations) {
    private static final String LAUNCHING_PROPERTIES = "framework-launching-properties";
    private static final String START_LEVEL = "bundleStartLevel";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

    /** A bundle: its coordinates, its file, and when it starts. */
    record NodeBundle(String coordinates, Path file, int startLevel) { }

    /**
     * Reads {@code file}.
     *
     * @param repository where the bundles lie
     * @param given      values for the file's variables; what is not given keeps the file's default
     */
    static NodeFeature read(Path file, Path repository, Map<String, String> given) throws LaunchException {
        Feature feature;
        try (Reader reader = Files.newBufferedReader(file)) {
            feature = new FeatureServiceImpl().readFeature(reader);
        } catch (IOException | JsonException | IllegalArgumentException e) {
            throw new LaunchException("the feature file " + file + " cannot be read: " + e.getMessage(), e);
        }
        Map<String, String> variables = variables(file, feature, given);
        List<NodeBundle> bundles = new ArrayList<>();
        for (FeatureBundle bundle : feature.getBundles()) {
            bundles.add(bundle(file, bundle, repository));
        }
        Map<String, String> properties = new LinkedHashMap<>();
        for (Map.Entry<String, String> property : launchingProperties(feature).entrySet()) {
            properties.put(property.getKey(), replace(file, property.getValue(), variables));
        }
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        for (FeatureConfiguration configuration : feature.getConfigurations().values()) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Map.Entry<String, Object> value : configuration.getValues().entrySet()) {
                values.put(value.getKey(), value.getValue() instanceof String text
                        ? replace(file, text, variables) : value.getValue());
            }
            configurations.put(configuration.getPid(), values);
        }
        return new NodeFeature(List.copyOf(bundles), properties, configurations);
    }

    private static Map<String, String> variables(Path file, Feature feature, Map<String, String> given) throws LaunchException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, Object> variable : feature.getVariables().entrySet()) {
            Optional<String> value = Optional.ofNullable(given.get(variable.getKey()))
                    .or(() -> Optional.ofNullable(variable.getValue()).map(Object::toString));
            variables.put(variable.getKey(), value.orElseThrow(() -> new LaunchException("the feature file " + file
                    + " needs a value for its variable " + variable.getKey())));
        }
        return variables;
    }

    private static NodeBundle bundle(Path file, FeatureBundle bundle, Path repository) throws LaunchException {
        ID id = bundle.getID();
        Path jar = repository.resolve(id.getGroupId().replace('.', '/')).resolve(id.getArtifactId())
                .resolve(id.getVersion()).resolve(id.getArtifactId() + "-" + id.getVersion()
                        + id.getClassifier().map(classifier -> "-" + classifier).orElse("") + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new LaunchException("the feature file " + file + " names " + id + ", but " + jar + " is missing: build again");
        }
        int level = bundle.getMetadata().get(START_LEVEL) instanceof Number number ? number.intValue() : 1;
        return new NodeBundle(id.toString(), jar, level);
    }

    private static Map<String, String> launchingProperties(Feature feature) {
        FeatureExtension extension = feature.getExtensions().get(LAUNCHING_PROPERTIES);
        if (extension == null) {
            return Map.of();
        }
        Map<String, String> properties = new LinkedHashMap<>();
        try (JsonReader reader = Json.createReader(new StringReader(extension.getJSON()))) {
            JsonObject object = reader.readObject();
            object.forEach((key, value) -> properties.put(key, value instanceof JsonString text ? text.getString()
                    : value.toString()));
        }
        return properties;
    }

    private static String replace(Path file, String text, Map<String, String> variables) throws LaunchException {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder replaced = new StringBuilder();
        while (matcher.find()) {
            String value = variables.get(matcher.group(1));
            if (value == null) {
                throw new LaunchException("the feature file " + file + " uses a variable it does not declare: "
                        + matcher.group());
            }
            matcher.appendReplacement(replaced, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(replaced).toString();
    }

    /**
     * The configurations in the format of the Configurator (chapter 150), with those of a person laid over them: for a PID
     * named in {@code folder}, each of its keys counts instead of the feature's.
     *
     * @param folder holds files {@code *.json} in that same format, read in the order of their names
     */
    String configurator(Path folder) throws LaunchException {
        ConfigurationResource all = new ConfigurationResource();
        all.getProperties().put(":configurator:resource-version", 1);
        all.getProperties().put(":configurator:symbolic-name", "node");
        all.getProperties().put(":configurator:version", "1.0.0");
        configurations.forEach((pid, values) -> all.getConfigurations().put(pid, new Hashtable<>(values)));
        for (Path file : jsonFiles(folder)) {
            personal(file).forEach((pid, values) ->
                    all.getConfigurations().computeIfAbsent(pid, absent -> new Hashtable<>()).putAll(values));
        }
        StringWriter json = new StringWriter();
        try {
            Configurations.buildWriter().build(json).writeConfigurationResource(all);
        } catch (IOException e) {
            throw new IllegalStateException("writing to a string does not fail", e);
        }
        return json.toString();
    }

    private static List<Path> jsonFiles(Path folder) throws LaunchException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            throw new LaunchException("the folder " + folder + " cannot be read: " + Home.reason(e), e);
        }
    }

    private static Map<String, Hashtable<String, Object>> personal(Path file) throws LaunchException {
        try (Reader reader = Files.newBufferedReader(file)) {
            // As in a bundle, nothing but the configurations need be there: no name, no version.
            var parser = Configurations.buildReader().verifyAsBundleResource(true).withIdentifier(file.toString()).build(reader);
            Map<String, Hashtable<String, Object>> read = parser.readConfigurationResource().getConfigurations();
            if (!parser.getIgnoredErrors().isEmpty()) {
                throw new LaunchException("the configuration " + file + " is refused: " + parser.getIgnoredErrors().getFirst());
            }
            return Collections.unmodifiableMap(read);
        } catch (IOException | JsonException e) {
            throw new LaunchException("the configuration " + file + " is refused: "
                    + Optional.ofNullable(e.getMessage()).orElse("unreadable").lines().findFirst().orElse("unreadable"), e);
        }
    }
}
