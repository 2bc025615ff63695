package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup target in a bundle of its own, {@code itest/slow-target}, that comes and goes while the node runs and backs itself up. */
class TargetBundleIT {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void aTargetThatIsRemovedOrReplacedInTheMiddleOfARunIsMissedByNobodyAndCatchesUp() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "a run over the command only with \"./ashlar test --all\"; container/ has the same within a node");
        Path password = Files.writeString(folder.resolve("password"), "correct horse battery staple");
        Path one = folder.resolve("one");
        try (Ashlar ashlar = new Ashlar(folder)) {
            Path slow = ashlar.home().resolveSibling(ashlar.home().getFileName() + "-slow");
            Path deployed = ashlar.home().resolve("deploy/slow-target.jar");
            ashlar.up();
            ashlar.ok("backup", "add", one.toString(), "--password-file", password.toString());

            deploy("0.0.0", deployed);
            Ashlar.await("the target appears and is caught up", () -> state(ashlar).startsWith("complete"));
            assertTrue(ashlar.ok("backup", "targets").contains(slow.resolve("target").toString()));
            assertTrue(ashlar.ok("backup", "now").contains("complete on 2 of 2 targets"));

            Path held = Files.createFile(slow.resolve("hold-0"));
            Process run = run(ashlar, slow);
            Files.delete(deployed);
            assertEquals("complete on 1 of 1 target", completed(run));
            assertTrue(state(ashlar).startsWith("not there"), state(ashlar));
            assertTrue(missing(one, slow).size() > 1, "it has missed something");
            Files.delete(held);
            deploy("1.0.0", deployed);
            Ashlar.await("what has come back is caught up", () -> state(ashlar).startsWith("complete") && missing(one, slow).isEmpty());

            Files.createFile(slow.resolve("hold-1"));
            run = run(ashlar, slow);
            deploy("2.0.0", deployed);
            String said = completed(run);
            assertTrue(Set.of("complete on 1 of 1 target", "complete on 1 of 2 targets", "complete on 2 of 2 targets").contains(said), said);
            Ashlar.await("what has replaced it is caught up", () -> state(ashlar).startsWith("complete") && missing(one, slow).isEmpty());
            assertTrue(ashlar.ok("backup", "now").contains("complete on 2 of 2 targets"));
            assertTrue(ashlar.ok("backup", "verify", "--all").startsWith("in order: "));

            Path back = folder.resolve("back");
            try (Ashlar restored = new Ashlar(folder, back)) {
                restored.ok("restore", "--from", slow.resolve("target").toString(), "--password-file", password.toString());
            }
            assertEquals(-1, Files.mismatch(ashlar.home().resolve("identity/node"), back.resolve("identity/node")));
            assertFalse(Files.exists(back.resolve("deploy/slow-target.jar")), "it can do whatever the node can, and is not started unasked");
        }
    }

    /** Moves the bundle in under another version. */
    private void deploy(String version, Path deployed) throws IOException {
        Path variant = TestBundle.variant(TestBundle.built("slow-target"), folder.resolve("slow-target.jar"), manifest -> manifest.putValue("Bundle-Version", version));
        Files.move(variant, deployed, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Begins a run with something new, and waits until the target holds it up. */
    private Process run(Ashlar ashlar, Path slow) throws Exception {
        Path note = Files.writeString(folder.resolve("note"), "written at " + System.nanoTime());
        ashlar.ok("put", note.toString(), "/notes:itest/drive/note");
        Files.deleteIfExists(slow.resolve("reached"));
        Process run = ashlar.start("backup", "now").redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start();
        Ashlar.await("the run is in the middle", () -> Files.exists(slow.resolve("reached")));
        return run;
    }

    /** On how many targets the run ended complete. It ends while the file that holds it up is there. */
    private String completed(Process run) throws Exception {
        assertTrue(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the run ends");
        String said = Files.readString(folder.resolve("said"));
        assertTrue(run.exitValue() == 0 && said.contains("complete on "), said);
        return said.substring(said.indexOf("complete on ")).lines().findFirst().orElseThrow();
    }

    /** What the node says of the target. */
    private static String state(Ashlar ashlar) throws Exception {
        return ashlar.ok("backup", "targets").lines().filter(line -> line.startsWith("slow ")).findFirst().orElse("slow  absent")
                .substring("slow".length()).strip();
    }

    private static Set<String> missing(Path one, Path slow) throws IOException {
        Set<String> missing = objects(one);
        missing.removeAll(objects(slow.resolve("target")));
        return missing;
    }

    private static Set<String> objects(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile).map(file -> target.relativize(file).toString())
                    .filter(name -> !name.startsWith("locks") && !name.startsWith("tmp")).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
