package org.ashlar.terminal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.ashlar.codec.VfsAction;

/**
 * Puts what was restored into a folder of a drive, as a process would: through the system process {@code vfs}, whose quota counts, and each
 * file in one step. What has the same name is replaced; other things stay. Links are left out, for {@code vfs} makes none.
 */
final class DrivePut implements AutoCloseable {
    private final FileClient files;
    private final Session session;
    private final String to;
    private final Path folder;
    private long count;
    private long left;

    /** @param to a drive, or a folder in one; made if missing */
    DrivePut(NodeView node, Session session, String to) throws IOException {
        this.files = new FileClient(node);
        this.session = session;
        this.to = to.replaceAll("/+$", "");
        // Where backups have what is passing, and clear at the start what a node that was killed left there.
        this.folder = Files.createTempDirectory(Files.createDirectories(Path.of(node.home(), "cache", "backup")), "restored");
    }

    /** Whether a place is in a drive: {@code /package:publisher/drive/…}. */
    static boolean isDrive(String place) {
        return place.matches("/[^/:]+:[^/:]+/[^/]+.*");
    }

    /** Where to restore to at first. */
    Path folder() {
        return folder;
    }

    /** @param paths as they were given: the last name of each is its name in the drive. @return what was done */
    String put(List<String> paths) throws CommandException, IOException, InterruptedException {
        for (String path : paths) {
            Path from = restored(path);
            put(from, from.getFileName().toString());
        }
        return "restored " + count + (count == 1 ? " file to " : " files to ") + to + (left == 0 ? "" : "; " + left
                + (left == 1 ? " link was left out" : " links were left out"));
    }

    /** A file in a drive may be given as processes know it. */
    private Path restored(String path) throws CommandException {
        String plain = path.replaceAll("^/+|/+$", "");
        for (String below : List.of(plain, "ashlar/" + plain, "ashlar/vfs/" + plain)) {
            Path found = folder.resolve(below);
            if (!plain.isEmpty() && Files.exists(found, LinkOption.NOFOLLOW_LINKS)) {
                return found;
            }
        }
        throw CommandException.failed("nothing in the snapshot is called " + path);
    }

    private void put(Path from, String name) throws CommandException, IOException, InterruptedException {
        List<Path> folders = new ArrayList<>();
        List<Path> plain = new ArrayList<>();
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                folders.add(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    plain.add(file);
                } else {
                    left++;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path one : folders) {
            files.ask(target(from, one, name), new VfsAction.CreateDirAll());
        }
        Transfer transfer = new Transfer(files, session);
        for (Path one : plain) {
            String target = target(from, one, name);
            transfer.put(one, target.substring(0, target.lastIndexOf('/')), one.getFileName().toString());
            count++;
        }
    }

    private String target(Path from, Path one, String name) {
        String below = from.relativize(one).toString();
        return to + '/' + name + (below.isEmpty() ? "" : '/' + below);
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> below = Files.walk(folder)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
