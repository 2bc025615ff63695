package org.ashlar.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Makes a framework of the feature file that nodes are made of, laid out by the module {@code features}. It differs from
 * the launcher in one point: the API comes from the class path of the tests, so that they can offer and use its services.
 */
final class Provision {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("node.dir", "../../features/target/node"));
    private static final String API = "org.ashlar:api:";

    private final JsonNode feature;
    private final Path home;

    private Provision(JsonNode feature, Path home) {
        this.feature = feature;
        this.home = home;
    }

    /** A framework with the node's bundles, not started yet. @param more properties it is launched with */
    static Framework framework(Path home, Map<String, String> more) throws IOException, BundleException {
        JsonNode feature = new ObjectMapper().readTree(DISTRIBUTION.resolve("features/node.json").toFile());
        Provision provision = new Provision(feature, home);
        Map<String, String> properties = provision.properties();
        properties.putAll(more);
        Framework framework = new org.apache.felix.framework.FrameworkFactory().newFramework(properties);
        framework.init();
        provision.install(framework.getBundleContext());
        return framework;
    }

    private Map<String, String> properties() throws IOException {
        Map<String, String> properties = new HashMap<>();
        feature.path("extensions").path("framework-launching-properties").path("json").properties()
                .forEach(property -> properties.put(property.getKey(), replaced(property.getValue().asText())));
        properties.put(Constants.FRAMEWORK_STORAGE, home.resolve("cache/felix").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, apiPackages());
        properties.put("configurator.initial", replaced(configurations()));
        properties.put("ashlar.home", home.toString());
        return properties;
    }

    private String configurations() {
        ObjectNode configurations = feature.path("configurations").deepCopy();
        return configurations.put(":configurator:resource-version", 1).toString();
    }

    private String apiPackages() throws IOException {
        for (JsonNode bundle : feature.path("bundles")) {
            if (id(bundle).startsWith(API)) {
                try (JarFile jar = new JarFile(file(bundle).toFile())) {
                    return jar.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
                }
            }
        }
        throw new IllegalStateException("the feature has no bundle " + API);
    }

    private void install(BundleContext context) throws BundleException {
        for (JsonNode each : feature.path("bundles")) {
            if (!id(each).startsWith(API)) {
                Bundle bundle = context.installBundle("reference:" + file(each).toUri());
                bundle.adapt(BundleStartLevel.class).setStartLevel(each.path("bundleStartLevel").asInt(1));
                if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                    bundle.start(Bundle.START_ACTIVATION_POLICY);
                }
            }
        }
    }

    private static Path file(JsonNode bundle) {
        String[] id = id(bundle).split(":");
        return DISTRIBUTION.resolve("repository").resolve(id[0].replace('.', '/')).resolve(id[1]).resolve(id[2])
                .resolve(id[1] + "-" + id[2] + ".jar").toAbsolutePath().normalize();
    }

    private static String id(JsonNode bundle) {
        return bundle.path("id").asText();
    }

    private String replaced(String text) {
        return text.replace("${ashlar.home}", home.toString());
    }
}
