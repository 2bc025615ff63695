package org.ashlar.terminal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;
import org.ashlar.codec.VfsResponse.Entry;
import org.ashlar.codec.VfsResponse.FileType;
import org.ashlar.control.Invocation;

/** {@code ls}, {@code cat}, {@code put}, {@code get}, {@code rm} and {@code df}: the node's drives, for a person. */
final class FileCommands {
    private static final int MAX_COMPLETIONS = 1000;

    private final NodeView node;

    FileCommands(NodeView node) {
        this.node = node;
    }

    void addTo(Map<String, CommandHandler> handlers) {
        handlers.put("ls", this::list);
        handlers.put("cat", this::cat);
        handlers.put("put", this::put);
        handlers.put("get", this::get);
        handlers.put("rm", this::remove);
        handlers.put("df", this::free);
    }

    private void list(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        String path = invocation.arguments().stream().findFirst().orElse("/");
        FileClient files = new FileClient(node);
        List<Entry> entries = new ArrayList<>(files.list(path));
        entries.sort(Comparator.comparing(Entry::path));
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        Table table = new Table("SIZE>", "TYPE", "NAME");
        for (Entry entry : entries) {
            Optional<Long> bytes = entry.type() == FileType.FILE
                    ? files.find(entry.path()).map(VfsResponse.Metadata::length) : Optional.empty();
            String type = entry.type().name().toLowerCase(Locale.ROOT);
            String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
            table.row(bytes.map(Sizes::human).orElse(""), type, entry.type() == FileType.DIRECTORY ? name + '/' : name);
            var object = json.addObject().put("path", '/' + entry.path()).put("type", type);
            bytes.ifPresentOrElse(length -> object.put("bytes", length), () -> object.putNull("bytes"));
        }
        session.out(invocation.has("json") ? json + "\n" : table.render(session.screen()));
    }

    private void cat(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        OutputStream out = session.screen().terminal() ? new Readable(session) : new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                session.out(new byte[] {(byte) value});
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                session.out(Arrays.copyOfRange(bytes, from, from + length));
            }
        };
        try (out) {
            new Transfer(new FileClient(node), session).copy(invocation.arguments().getFirst(), out, done -> { });
        }
    }

    private void put(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        Path local = local(invocation, 0);
        if (!Files.isRegularFile(local)) {
            throw CommandException.failed(local + (Files.isDirectory(local) ? " is a folder; put takes one file" : " is no file here"));
        }
        FileClient files = new FileClient(node);
        String path = invocation.arguments().get(1);
        boolean into = path.endsWith("/")
                || files.find(path).filter(found -> found.type() == FileType.DIRECTORY).isPresent();
        String target = path.replaceAll("/+$", "") + (into ? "/" + local.getFileName() : "");
        int slash = target.lastIndexOf('/');
        if (target.split("/").length < (target.startsWith("/") ? 4 : 3)) {
            throw CommandException.wrongUsage("\"" + path + "\" names no file in a drive; such are /package:publisher/drive/file");
        }
        long began = System.nanoTime();
        new Transfer(files, session).put(local, target.substring(0, slash), target.substring(slash + 1));
        told(session, target, Files.size(local), began);
    }

    private void get(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        String path = invocation.arguments().getFirst().replaceAll("/+$", "");
        Path local = local(invocation, 1);
        Path target = Files.isDirectory(local) ? local.resolve(path.substring(path.lastIndexOf('/') + 1)) : local;
        if (!Files.isDirectory(target.getParent())) {
            throw CommandException.failed("there is no folder " + target.getParent() + " here");
        }
        long began = System.nanoTime();
        new Transfer(new FileClient(node), session).get(path, target);
        told(session, target.toString(), Files.size(target), began);
    }

    private static Path local(Invocation invocation, int argument) {
        return Path.of(invocation.folder()).resolve(invocation.arguments().get(argument)).normalize();
    }

    private static void told(Session session, String target, long bytes, long began) throws IOException {
        if (session.screen().terminal()) {
            session.line(Printable.line(target) + ": " + Sizes.human(bytes) + String.format(Locale.ROOT, " in %.1f s",
                    (System.nanoTime() - began) / 1e9));
        }
    }

    private void remove(Invocation invocation, Session session) throws CommandException, InterruptedException {
        String path = invocation.arguments().getFirst();
        FileClient files = new FileClient(node);
        boolean folder = files.find(path).filter(found -> found.type() == FileType.DIRECTORY).isPresent();
        if (folder && !invocation.has("r")) {
            throw CommandException.failed(path + " is a folder; to remove it with all that is in it, say rm -r");
        }
        files.ask(path, folder ? new VfsAction.RemoveDirAll() : new VfsAction.RemoveFile());
    }

    private void free(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        FileClient files = new FileClient(node);
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        Table table = new Table("USED>", "OF>", "FILES>", "OF>", "DRIVE");
        Optional<Long> disk = Optional.empty();
        List<Entry> packages = new ArrayList<>(files.list("/"));
        packages.sort(Comparator.comparing(Entry::path));
        for (Entry owner : packages) {
            List<Entry> drives = new ArrayList<>(files.list('/' + owner.path()));
            drives.sort(Comparator.comparing(Entry::path));
            for (Entry drive : drives) {
                var usage = (VfsResponse.DriveUsage) files.ask(drive.path(), new VfsAction.DriveUsage());
                table.row(Sizes.human(usage.bytes()), Sizes.human(usage.maxBytes()), usage.entries(), usage.maxEntries(),
                        '/' + drive.path());
                json.addObject().put("drive", '/' + drive.path()).put("bytes", usage.bytes()).put("max_bytes", usage.maxBytes())
                        .put("entries", usage.entries()).put("max_entries", usage.maxEntries()).put("disk_free", usage.diskFree());
                disk = Optional.of(usage.diskFree());
            }
        }
        session.out(invocation.has("json") ? json + "\n" : table.render(session.screen())
                + disk.map(left -> Sizes.human(left) + " are free on the disk\n").orElse(""));
    }

    /** The paths that begin with {@code prefix}, folders with a slash at their end. */
    List<String> complete(String prefix) throws InterruptedException {
        int slash = prefix.lastIndexOf('/');
        String folder = slash <= 0 ? "/" : prefix.substring(0, slash);
        try {
            return new FileClient(node).list(folder).stream()
                    .map(entry -> '/' + entry.path() + (entry.type() == FileType.DIRECTORY ? "/" : ""))
                    .filter(path -> path.startsWith(prefix)).sorted().limit(MAX_COMPLETIONS).toList();
        } catch (CommandException e) {
            return List.of(); // there is no such folder
        }
    }

    /** Shows a file on a terminal: text as it is, what would steer the terminal as signs. */
    private static final class Readable extends OutputStream {
        private final Session session;
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

        Readable(Session session) {
            this.session = session;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        /** Whole lines, so that no character is cut in two; a line without end in pieces. */
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            rest.write(bytes, from, length);
            byte[] all = rest.toByteArray();
            int end = all.length;
            while (end > 0 && all[end - 1] != '\n') {
                end--;
            }
            end = end == 0 && all.length > Transfer.PIECE ? all.length : end;
            show(all, end);
            rest.reset();
            rest.write(all, end, all.length - end);
        }

        private void show(byte[] bytes, int length) throws IOException {
            if (length > 0) {
                session.out(Printable.lines(new String(bytes, 0, length, StandardCharsets.UTF_8)));
            }
        }

        @Override
        public void close() throws IOException {
            byte[] all = rest.toByteArray();
            show(all, all.length);
            if (all.length > 0) {
                session.out("\n");
            }
        }
    }
}
