package org.ashlar.durability;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A system call that succeeded.
 *
 * @param name   of the call
 * @param text   its arguments as {@code strace} shows them
 * @param begun  number of the line of the trace that shows its beginning: what ended on an earlier line had ended before
 *               the system was asked for this
 * @param ended  number of the line that shows its end
 * @param file   the open file that it writes or syncs
 * @param paths  the paths among the arguments of any other call, absolute
 */
record Call(String name, String text, long begun, long ended, Optional<String> file, List<Path> paths) {
    boolean isWrite() {
        return switch (name) {
            case "write", "pwrite64", "writev", "pwritev", "copy_file_range", "sendfile", "sendto", "sendmsg" -> true;
            default -> false;
        };
    }

    boolean isSync() {
        return name.equals("fsync") || name.equals("fdatasync");
    }

    /** Whether it writes to a socket, of which a node has only the control socket. */
    boolean isAnswer() {
        return isWrite() && file.filter(to -> to.startsWith("socket:")).isPresent();
    }

    @Override
    public String toString() {
        return "line " + begun + (ended == begun ? "" : " to " + ended) + ": " + name + '(' + text.substring(0, Math.min(160, text.length()));
    }
}
