package org.ashlar.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The folder that the build lays out, and that a release archive holds: everything a node is made of. Nothing is fetched
 * when a node starts.
 */
record Distribution(Path path) {

    /** The one that this program is part of. */
    static Distribution own() {
        try {
            Path jar = Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return new Distribution(jar.getParent().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class file lies in a folder", e);
        }
    }

    /** The file that this program is in. */
    Path ownJar() {
        return libraries().resolve("launcher.jar");
    }

    /** The class path of this program, all of it. */
    Path libraries() {
        return path.resolve("lib");
    }

    /** The bundles, in the layout of a Maven repository. */
    Path repository() {
        return path.resolve("repository");
    }

    Path feature() {
        return path.resolve("features").resolve("node.json");
    }

    /** What the JVM of a node is started with, an argument file of {@code java}. */
    Path jvmOptions() {
        return path.resolve("conf").resolve("jvm.options");
    }
}
