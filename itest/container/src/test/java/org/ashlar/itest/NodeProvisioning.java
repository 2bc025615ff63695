package org.ashlar.itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.ops4j.pax.exam.Option;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.ID;

/** Makes of a feature file what Pax Exam installs. */
final class NodeProvisioning {
    private static final Path NODE = Path.of(System.getProperty("node.dir"));

    private NodeProvisioning() { }

    static Feature feature() throws IOException {
        try (Reader reader = Files.newBufferedReader(NODE.resolve("features").resolve("node.json"))) {
            return new FeatureServiceImpl().readFeature(reader);
        }
    }

    /** The node of the feature file, on {@code home}, with JUnit beside it. */
    static Option node(Path home) throws IOException {
        Feature feature = feature();
        List<Option> options = new ArrayList<>();
        for (FeatureBundle bundle : feature.getBundles()) {
            int level = ((Number) bundle.getMetadata().get("bundleStartLevel")).intValue();
            Path jar = jar(bundle.getID());
            options.add(bundle("reference:" + jar.toUri()).startLevel(level).start(!isFragment(jar)));
        }
        String properties = feature.getExtensions().get("framework-launching-properties").getJSON();
        try (JsonReader reader = Json.createReader(new StringReader(properties))) {
            JsonObject values = reader.readObject();
            values.forEach((name, value) -> options.add(frameworkProperty(name).value(((JsonString) value).getString()
                    .replace("${ashlar.home}", home.toString()))));
        }
        options.add(frameworkProperty("ashlar.home").value(home.toString()));
        options.add(frameworkProperty("ashlar.name").value("itest"));
        options.add(frameworkStartLevel(20));
        options.add(junitBundles());
        return composite(options.toArray(Option[]::new));
    }

    private static boolean isFragment(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Fragment-Host") != null;
        }
    }

    private static Path jar(ID id) {
        return NODE.resolve("repository").resolve(id.getGroupId().replace('.', '/')).resolve(id.getArtifactId())
                .resolve(id.getVersion()).resolve(id.getArtifactId() + "-" + id.getVersion() + ".jar");
    }
}
