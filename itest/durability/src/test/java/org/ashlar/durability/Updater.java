package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ashlar.launcher.Client;

/** Installs two versions of a package in turn; the second has a process more. */
final class Updater implements Work {
    private static final Pattern LISTED = Pattern.compile("^" + Pattern.quote(ProbePackage.ID) + " +(\\S+) ", Pattern.MULTILINE);

    private final ProbePackage first;
    private final ProbePackage second;
    private final String extra;
    private ProbePackage installed;
    private Optional<ProbePackage> underWay = Optional.empty();
    private volatile long count;
    private int undone;
    private int completed;

    /** @param extra the process that only the second version has */
    Updater(ProbePackage first, ProbePackage second, String extra) {
        this.first = first;
        this.second = second;
        this.extra = extra;
        this.installed = first;
    }

    /** The version that is installed. */
    String version() {
        return installed.version();
    }

    @Override
    public void goOn(Client client) {
        Optional<Client.Answer> answer;
        do {
            ProbePackage next = installed == first ? second : first;
            underWay = Optional.of(next);
            answer = client.run("start", Map.of("yes", ""), next.folder().toString());
            if (answer.isPresent()) {
                underWay = Optional.empty();
                if (answer.get().status() == 0) {
                    installed = next;
                    count++;
                }
            }
        } while (answer.isPresent());
    }

    /** The old one or the new one, and all of it: the record, the files, the processes. */
    @Override
    public void check(NodeUnderTest node) throws Exception {
        String list = node.client().run("packages", Map.of()).orElseThrow().text();
        Matcher listed = LISTED.matcher(list);
        assertTrue(listed.find(), "the package is not listed: " + list);
        if (underWay.isPresent() && underWay.get().version().equals(listed.group(1))) {
            installed = underWay.get();
            completed++;
        } else if (underWay.isPresent()) {
            undone++;
        }
        underWay = Optional.empty();
        assertEquals(installed.version(), listed.group(1), "the version of the package");
        Path drives = node.home().resolve("vfs");
        assertEquals(installed.content(), ProbePackage.contentOf(drives.resolve(ProbePackage.ID).resolve("pkg")),
                "the files of " + installed.version());
        assertEquals(installed == second, ProcessTable.of(node).contains(extra), "the process of the second version is there,"
                + " and " + installed.version() + " is installed");
        for (String leftover : new String[] {".undo", ".staging"}) {
            try (Stream<Path> left = Files.list(drives.resolve(leftover))) {
                assertEquals(0, left.count(), "what is left in " + leftover);
            }
        }
    }

    /** How the updates ended that a kill cut off. */
    String cutOff() {
        return undone + " updates were cut off and undone, " + completed + " cut off and complete";
    }

    @Override
    public long acknowledged() {
        return count;
    }
}
