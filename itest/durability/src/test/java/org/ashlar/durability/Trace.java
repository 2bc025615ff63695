package org.ashlar.durability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opentest4j.AssertionFailedError;

/**
 * What {@code strace -f -ttt -y} wrote. It stops a thread at the beginning and at the end of a call and writes in the order
 * of the stops; a call that others came between is shown on two lines, {@code <unfinished ...>} and {@code resumed}.
 *
 * @param calls those that succeeded, in the order of their ends
 */
record Trace(List<Call> calls) {
    /** What may change a file, a folder, or tell somebody; a question mark where not every processor has the call. */
    static final String CALLS = "write,pwrite64,writev,pwritev,copy_file_range,sendfile,sendto,sendmsg,openat,?open,?creat,"
            + "?mkdir,mkdirat,?rename,?renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat,?rmdir,fsync,fdatasync";
    private static final Pattern LINE = Pattern.compile("(\\d+) +[\\d.]+ (.*)");
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (\\w+) resumed>(.*)");
    private static final String UNFINISHED = " <unfinished ...>";
    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\) += (-?\\d+)\\b.*");
    private static final Pattern OPEN_FILE = Pattern.compile("\\d+<(.*?)>(?=[,)(]|$)");
    /** A folder that the next path may be relative to, or a path. */
    private static final Pattern PATH = Pattern.compile("(?:AT_FDCWD|\\d+)<(.*?)>|\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Trace read(Path file) throws IOException {
        return of(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    }

    static Trace of(List<String> lines) {
        List<Call> calls = new ArrayList<>();
        Map<String, Begun> unfinished = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                throw new IllegalArgumentException("line " + i + " of the trace is not understood: " + lines.get(i));
            }
            String thread = line.group(1);
            String text = line.group(2);
            Matcher resumed = RESUMED.matcher(text);
            if (text.endsWith(UNFINISHED)) {
                unfinished.put(thread, new Begun(i, text.substring(0, text.length() - UNFINISHED.length())));
            } else if (resumed.matches()) {
                Begun begun = unfinished.remove(thread);
                succeeded(begun.text() + resumed.group(2), begun.line(), i).ifPresent(calls::add);
            } else {
                succeeded(text, i, i).ifPresent(calls::add);
            }
        }
        return new Trace(calls);
    }

    private record Begun(int line, String text) { }

    private static Optional<Call> succeeded(String text, int begun, int ended) {
        Matcher call = CALL.matcher(text);
        if (!call.matches() || call.group(3).startsWith("-")) {
            return Optional.empty(); // a signal, the end of a thread, a failure
        }
        String name = call.group(1);
        String arguments = call.group(2);
        boolean takesPaths = !name.contains("write") && !name.contains("sync") && !name.startsWith("send") && !name.startsWith("copy");
        return Optional.of(new Call(name, arguments, begun, ended, takesPaths ? Optional.empty() : file(name, arguments),
                takesPaths ? paths(arguments) : List.of()));
    }

    private static Optional<String> file(String call, String arguments) {
        Matcher open = OPEN_FILE.matcher(arguments);
        boolean found = open.find();
        if (call.equals("copy_file_range")) {
            found = open.find(); // from, to
        }
        return found ? Optional.of(open.group(1)) : Optional.empty();
    }

    private static List<Path> paths(String arguments) {
        List<Path> paths = new ArrayList<>();
        Path folder = Path.of("/");
        Matcher path = PATH.matcher(arguments);
        while (path.find()) {
            if (path.group(1) != null) {
                folder = Path.of(path.group(1));
            } else {
                paths.add(folder.resolve(path.group(2)).normalize());
            }
        }
        return paths;
    }

    /** The first answer of the node that has {@code text} in it. */
    Call answer(String text) {
        return calls.stream().filter(Call::isAnswer).filter(call -> call.text().contains(text)).findFirst()
                .orElseThrow(() -> new AssertionFailedError("the trace has no answer with \"" + text + '"'));
    }

    /** The writes that had ended before {@code moment} began, of {@code text} into the file {@code name}. */
    List<Call> writes(String text, String name, Call moment) {
        return calls.stream().filter(call -> call.ended() < moment.begun() && call.isWrite())
                .filter(call -> call.file().filter(file -> file.endsWith(name)).isPresent() && call.text().contains(text)).toList();
    }

    /** What a power cut would have taken when {@code moment} began. */
    Disk diskAt(Call moment) {
        Disk disk = new Disk();
        calls.stream().filter(call -> call.ended() < moment.begun()).forEach(disk::apply);
        return disk;
    }
}
