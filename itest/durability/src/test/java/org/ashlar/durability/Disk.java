package org.ashlar.durability;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What of a file system is on disk and what only in memory, by the strictest reading of POSIX: content is on disk after a
 * sync of the file that began when the write had ended; a name that came or went, after such a sync of its folder.
 */
final class Disk {
    private final Set<Path> known = new HashSet<>();
    /** Line of the trace on which the last change ended that was not synced since. */
    private final Map<Path, Long> contents = new HashMap<>();
    private final Map<Path, Long> names = new HashMap<>();

    /** Takes a call into account; to be given in the order of their ends. */
    void apply(Call call) {
        List<Path> paths = call.paths();
        switch (call.name()) {
            case "open", "openat", "creat" -> {
                if (known.contains(paths.getFirst()) && call.text().contains("O_TRUNC")) {
                    contents.put(paths.getFirst(), call.ended());
                }
                if (call.name().equals("creat") || call.text().contains("O_CREAT")) {
                    appeared(paths.getFirst(), call);
                }
            }
            case "mkdir", "mkdirat", "symlink", "symlinkat", "link", "linkat" -> appeared(paths.getLast(), call);
            case "unlink", "unlinkat", "rmdir" -> disappeared(paths.getFirst(), call);
            case "rename", "renameat", "renameat2" -> moved(paths.getFirst(), paths.getLast(), call);
            default -> {
                if (call.isSync()) {
                    synced(call);
                } else if (call.isWrite()) {
                    call.file().filter(file -> file.startsWith("/")).ifPresent(file -> contents.put(Path.of(file), call.ended()));
                }
            }
        }
    }

    private void appeared(Path path, Call call) {
        if (known.add(path)) {
            names.put(path, call.ended());
        }
    }

    private void disappeared(Path path, Call call) {
        known.removeIf(each -> each.startsWith(path));
        contents.keySet().removeIf(each -> each.startsWith(path));
        names.keySet().removeIf(each -> each.startsWith(path));
        names.put(path, call.ended());
    }

    private void moved(Path from, Path to, Call call) {
        Set<Path> below = new HashSet<>(known.stream().filter(each -> each.startsWith(from)).toList());
        Map<Path, Long> movedContents = below(contents, from);
        Map<Path, Long> movedNames = below(names, from);
        disappeared(to, call);
        disappeared(from, call);
        below.forEach(each -> known.add(to.resolve(from.relativize(each))));
        movedContents.forEach((each, when) -> contents.put(to.resolve(from.relativize(each)), when));
        movedNames.forEach((each, when) -> names.put(to.resolve(from.relativize(each)), when));
        known.add(to);
        names.put(to, call.ended());
    }

    private static Map<Path, Long> below(Map<Path, Long> marks, Path folder) {
        Map<Path, Long> below = new HashMap<>();
        marks.forEach((each, when) -> {
            if (each.startsWith(folder)) {
                below.put(each, when);
            }
        });
        return below;
    }

    private void synced(Call call) {
        Path file = Path.of(call.file().orElseThrow());
        contents.computeIfPresent(file, (path, changed) -> changed < call.begun() ? null : changed);
        names.entrySet().removeIf(name -> file.equals(name.getKey().getParent()) && name.getValue() < call.begun());
    }

    /** What is not on disk of that which matters: contents, and names that came or went. */
    Set<String> notSynced(Predicate<Path> matters) {
        Set<String> missing = new TreeSet<>();
        contents.keySet().stream().filter(matters).forEach(path -> missing.add("content of " + path));
        names.keySet().stream().filter(matters).forEach(path -> missing.add("name " + path));
        return missing;
    }
}
