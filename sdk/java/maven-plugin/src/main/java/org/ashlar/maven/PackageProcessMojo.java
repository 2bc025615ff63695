package org.ashlar.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProject;
import org.ashlar.maven.component.ComponentEncoder;
import org.ashlar.maven.component.World;
import org.ashlar.maven.teavm.CompilationException;
import org.ashlar.maven.teavm.GuestCompiler;

/**
 * Makes an installable package of a module: compiles each process to a WebAssembly component and puts it with
 * {@code metadata.json} and {@code pkg/} into a folder, and {@code pkg/} into a zip beside that folder.
 */
@Mojo(name = "package-process", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true,
        requiresDependencyResolution = ResolutionScope.RUNTIME)
public final class PackageProcessMojo extends AbstractMojo {

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private MavenProject project;

    @Parameter(defaultValue = "${plugin.artifacts}", readonly = true, required = true)
    private List<Artifact> pluginArtifacts;

    /** Which {@code .wasm} files to make: the name without the ending, then the class with the main method. */
    @Parameter(required = true)
    private Map<String, String> processes;

    /** The folder that holds {@code metadata.json} and {@code pkg/manifest.json}. */
    @Parameter(defaultValue = "${project.basedir}")
    private File source;

    /** The world that the components import: {@code KINODE} or {@code HYPERWARE}. */
    @Parameter(defaultValue = "KINODE")
    private World world;

    /** Java heap that each process has from the start. */
    @Parameter(defaultValue = "1")
    private int minHeapMiB;

    /** Java heap that a process may grow to; one that needs more fails. */
    @Parameter(defaultValue = "64")
    private int maxHeapMiB;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        try {
            PackageFolder folder = PackageFolder.create(source.toPath(), target());
            for (Map.Entry<String, String> process : new TreeMap<>(processes).entrySet()) {
                byte[] component = component(process.getKey(), process.getValue());
                folder.addComponent(process.getKey(), component);
                getLog().info(process.getKey() + ".wasm: " + (component.length + 1023) / 1024 + " KiB from "
                        + process.getValue());
            }
            Path zip = folder.finish();
            getLog().info("Package " + folder.packageId() + ": " + folder.path() + " and " + zip.getFileName());
        } catch (CompilationException | IllegalArgumentException failure) {
            throw new MojoFailureException(failure.getMessage(), failure);
        } catch (IOException failure) {
            throw new MojoExecutionException("cannot write the package: " + failure.getMessage(), failure);
        }
    }

    private byte[] component(String name, String mainClass) throws CompilationException, IOException {
        Path work = Files.createDirectories(target().resolve("teavm").resolve(name));
        byte[] module = new GuestCompiler(classPath(), work, minHeapMiB, maxHeapMiB).compile(mainClass);
        return ComponentEncoder.encode(module, world);
    }

    private Path target() {
        return Path.of(project.getBuild().getDirectory());
    }

    /** The guest's own classes, its dependencies, and TeaVM's class library, which the plugin brings along. */
    private List<File> classPath() {
        List<File> files = new ArrayList<>();
        files.add(new File(project.getBuild().getOutputDirectory()));
        project.getArtifacts().forEach(artifact -> files.add(artifact.getFile()));
        pluginArtifacts.stream().filter(artifact -> artifact.getGroupId().equals("org.teavm"))
                .forEach(artifact -> files.add(artifact.getFile()));
        return files;
    }
}
