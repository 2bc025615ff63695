package org.ashlar.launcher;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The classes of a node laid out for the JVM to map (its AOT cache), which halves the work of a start. It is a convenience:
 * one that is missing, damaged, or of other jars or another JDK is passed over by the JVM, and a node that runs without has
 * one recorded in the background, by a rehearsal ({@link NodeRehearsal}) at the lowest priority.
 *
 * @param file where it is, or is to be
 */
record ClassArchive(Path file) {
    /** The system property with the path; without it no archive is used or made. */
    static final String PROPERTY = "ashlar.archive";
    /** How long the first commands of a person have the machine for themselves, in seconds. */
    private static final int DELAY_SECONDS = 5;
    /** One that is not used although it is there, as with other options of the JVM, is not recorded again before. */
    private static final Duration RETRY = Duration.ofDays(1);
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    /** Records under another name, and moves it when it is complete. $0 is the file, $@ the JVM with its options. */
    private static final String RECORD = "sleep " + DELAY_SECONDS + "; new=$0.$$; "
            + "nice -n 19 \"$1\" -XX:AOTCacheOutput=\"$new\" \"${@:2}\"; mv -f \"$new\" \"$0\"; rm -f \"$new\"*";

    static Optional<ClassArchive> ofThisProcess() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(file -> new ClassArchive(Path.of(file)));
    }

    /** For a JVM that is to use it. The JVM checks its sum, and is not to tell people why it passes it over. */
    List<String> options() {
        List<String> options = new ArrayList<>(List.of("-D" + PROPERTY + "=" + file));
        if (Files.isRegularFile(file)) {
            options.addAll(List.of("-XX:AOTCache=" + file, "-XX:+UnlockDiagnosticVMOptions", "-XX:+VerifySharedSpaces",
                    "-Xlog:aot=off"));
        }
        return options;
    }

    /** Has it recorded when this process runs without, and returns at once. */
    void recordUnlessUsed(Distribution distribution) {
        try {
            if (!isUsed() && mayBeTried(distribution)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.write(tried(), new byte[0]);
                record(distribution);
            }
        } catch (IOException e) {
            // The cache folder cannot be written: the node goes on without.
        }
    }

    private boolean isUsed() throws IOException {
        if (!Files.exists(file) || !Files.isReadable(MAPS)) {
            return Files.exists(file);
        }
        return Files.readString(MAPS, StandardCharsets.ISO_8859_1).contains(file.toRealPath().toString());
    }

    private boolean mayBeTried(Distribution distribution) throws IOException {
        if (!Files.exists(tried())) {
            return true;
        }
        FileTime last = Files.getLastModifiedTime(tried());
        return last.compareTo(Files.getLastModifiedTime(distribution.ownJar())) < 0
                || last.toInstant().plus(RETRY).isBefore(Instant.now());
    }

    private Path tried() {
        return file.resolveSibling(file.getFileName() + ".tried");
    }

    private void record(Distribution distribution) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString()); // or it would end with the terminal that the node was started from
        }
        command.addAll(List.of("bash", "-c", RECORD, file.toString()));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:disable",
                // Profiles of a start would have the second compiler begin at once with what runs only then.
                "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining", "@" + distribution.jvmOptions(), "-cp", distribution.libraries().resolve("*").toString(),
                Main.class.getName(), "rehearse-node"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        builder.environment().remove(Passwords.KEY);
        builder.start();
    }
}
