package org.ashlar.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import aQute.bnd.build.model.EE;
import aQute.bnd.osgi.repository.ResourcesRepository;
import aQute.bnd.osgi.resource.CapReqBuilder;
import aQute.bnd.osgi.resource.ResourceBuilder;
import biz.aQute.resolve.AbstractResolveContext;
import biz.aQute.resolve.BndResolver;
import biz.aQute.resolve.ResolveProcess;
import biz.aQute.resolve.ResolverLogger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.resource.Resource;
import org.osgi.service.feature.Feature;
import org.osgi.service.resolver.ResolutionException;

/**
 * bnd's resolver over each feature file: what a bundle imports or requires, and each service that the feature says it
 * offers ({@code required-services}), must come from the bundles of that same file. A service counts as offered when some
 * bundle's components declare it.
 */
class FeatureResolutionTest {

    static Stream<Path> featureFiles() throws Exception {
        List<Path> files = FeatureFiles.all();
        assertTrue(!files.isEmpty(), "there are feature files");
        return files.stream();
    }

    @ParameterizedTest
    @MethodSource("featureFiles")
    void everythingABundleNeedsIsInTheFeature(Path file) throws Exception {
        Feature feature = FeatureFiles.read(file);
        List<Path> bundles = FeatureFiles.bundles(feature);
        try {
            Set<String> resolved = resolve(bundles, FeatureFiles.text(feature, "required-services"));
            assertEquals(identities(bundles), resolved, "all bundles of the feature are resolved");
        } catch (ResolutionException e) {
            String summary = ResolveProcess.format(e).lines().takeWhile(line -> !line.startsWith("Note:"))
                    .collect(Collectors.joining("\n"));
            fail(file + " does not resolve: " + summary);
        }
    }

    @Test
    void aMissingPackageWouldFailTheBuild() throws Exception {
        List<Path> bundles = without(node(), "slf4j-api");
        String message = assertThrows(ResolutionException.class, () -> resolve(bundles, List.of())).getMessage();
        assertTrue(message.contains("org.slf4j"), message);
    }

    @Test
    void aMissingServiceWouldFailTheBuild() throws Exception {
        List<Path> bundles = without(node(), "identity");
        resolve(bundles, List.of());
        String message = assertThrows(ResolutionException.class,
                () -> resolve(bundles, List.of("org.ashlar.api.identity.Identity"))).getMessage();
        assertTrue(message.contains("org.ashlar.api.identity.Identity"), message);
    }

    private static List<Path> node() throws Exception {
        return FeatureFiles.bundles(FeatureFiles.read(FeatureFiles.all().stream()
                .filter(file -> file.endsWith("node.json")).findFirst().orElseThrow()));
    }

    private static List<Path> without(List<Path> bundles, String artifact) {
        List<Path> rest = bundles.stream().filter(jar -> !jar.getFileName().toString().startsWith(artifact + "-")).toList();
        assertEquals(bundles.size() - 1, rest.size());
        return rest;
    }

    /** The symbolic names of what the resolver chose. */
    private static Set<String> resolve(List<Path> bundles, List<String> services) throws Exception {
        ResourcesRepository repository = new ResourcesRepository();
        ResourceBuilder wanted = new ResourceBuilder();
        for (Path jar : bundles) {
            assertTrue(Files.isRegularFile(jar), jar + " is laid out by the build (features/pom.xml lists it)");
            ResourceBuilder bundle = new ResourceBuilder();
            assertTrue(bundle.addFile(jar.toFile(), jar.toUri()), jar + " is a bundle");
            repository.add(bundle.build());
            wanted.addRequirement(CapReqBuilder.createSimpleRequirement("osgi.identity", name(jar), null));
        }
        for (String service : services) {
            wanted.addRequirement(new CapReqBuilder("osgi.service").addDirective("effective", "active")
                    .addDirective("filter", "(objectClass=" + service + ")"));
        }
        try (ResolverLogger logger = new ResolverLogger(0)) {
            Context context = new Context(logger);
            ResourceBuilder system = new ResourceBuilder();
            system.addEE(EE.JavaSE_25);
            system.addManifest(FeatureFiles.manifest(FeatureFiles.framework()));
            // What a framework says of the machine: of those that nodes run on, this one stands for all.
            system.addCapability(new CapReqBuilder("osgi.native").addAttribute("osgi.native.osname", "Linux")
                    .addAttribute("osgi.native.processor", "amd64"));
            context.setSystemResource(system.build());
            context.setInputResource(wanted.build());
            context.addRepository(repository);
            context.addEffectiveDirective("active");
            Set<String> names = new TreeSet<>();
            for (Resource resource : new BndResolver(logger).resolve(context).keySet()) {
                boolean bundle = !context.isInputResource(resource) && !context.isSystemResource(resource)
                        && !resource.getCapabilities("osgi.identity").isEmpty();
                // bnd makes resources of its own for the parts of a multi-release jar: name__9.
                if (bundle && !AbstractResolveContext.getResourceIdentity(resource).matches(".*__[0-9]+")) {
                    names.add(AbstractResolveContext.getResourceIdentity(resource));
                }
            }
            return names;
        }
    }

    private static Set<String> identities(List<Path> bundles) {
        Set<String> names = new TreeSet<>();
        bundles.forEach(jar -> names.add(name(jar)));
        return names;
    }

    private static String name(Path jar) {
        return FeatureFiles.manifest(jar).getMainAttributes().getValue("Bundle-SymbolicName").split(";")[0].strip();
    }

    private static final class Context extends AbstractResolveContext {
        Context(ResolverLogger logger) {
            super(logger);
        }
    }
}
