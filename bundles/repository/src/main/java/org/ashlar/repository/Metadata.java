package org.ashlar.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.function.BiConsumer;

/** Sets what a restored entry has beside its content: owner (as root), mode, attributes of {@code user.}, times; in this order. */
final class Metadata {
    private static final String USER = "user.";
    private final BiConsumer<String, Exception> problems;
    private final boolean root = "root".equals(System.getProperty("user.name"));

    Metadata(BiConsumer<String, Exception> problems) {
        this.problems = problems;
    }

    void of(Node node, Path path) {
        try {
            owner(node, path);
            Files.setAttribute(path, "unix:mode", node.meta().mode(), LinkOption.NOFOLLOW_LINKS);
            attributes(node, path);
            times(node, path);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            problems.accept(path.toString(), e);
        }
    }

    void ofLink(Node node, Path path) {
        try {
            owner(node, path);
            times(node, path);
        } catch (IOException | UnsupportedOperationException e) {
            problems.accept(path.toString(), e instanceof IOException io ? io : new IOException(e));
        }
    }

    private void owner(Node node, Path path) throws IOException {
        if (root) {
            Files.setAttribute(path, "unix:uid", (int) node.meta().uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", (int) node.meta().gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void attributes(Node node, Path path) {
        for (Node.Attribute attribute : node.meta().attributes()) {
            if (!attribute.name().startsWith(USER)) {
                continue; // Java reaches no others; programs that do have left them in the snapshot
            }
            try {
                UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class,
                        LinkOption.NOFOLLOW_LINKS);
                view.write(attribute.name().substring(USER.length()), ByteBuffer.wrap(RawName.bytes(attribute.value())));
            } catch (IOException | RuntimeException e) {
                problems.accept(path.toString(), new IOException("the attribute " + Text.shown(attribute.name()) + ": " + e.getMessage(), e));
            }
        }
    }

    private static void times(Node node, Path path) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(node.meta().modified().fileTime(), node.meta().accessed().fileTime(), null);
    }
}
