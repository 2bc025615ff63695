package org.ashlar.maven.component;

/** For which system a process is built; the two worlds differ in nothing but their name. */
public enum World {
    KINODE("kinode:process"),
    HYPERWARE("hyperware:process");

    static final String VERSION = "1.0.0";

    private final String packageName;

    World(String packageName) {
        this.packageName = packageName;
    }

    String packageName() {
        return packageName;
    }
}
