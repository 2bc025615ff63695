package org.ashlar.vfs;

import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Reply;
import org.ashlar.codec.VfsAction;
import org.ashlar.codec.VfsResponse;

/**
 * Who may do what (reference-modules 3.4): a package with its own drives everything; others what the capabilities of the
 * drive say, {@code {"kind":"read"|"write","drive":"/package:publisher/drive"}}, or {@code {"root":true}}; all issued by
 * vfs. The kernel and the terminal, which speaks for the node's owner, are not checked.
 */
final class Access {
    private static final ProcessId KERNEL = ProcessId.parse("kernel:distro:sys");
    private static final PackageId TERMINAL = PackageId.parse("terminal:sys");

    private final ProcessId sender;
    private final Address vfs;
    private final Reply reply;

    Access(Envelope request, Reply reply) {
        this.sender = request.source().process();
        this.vfs = request.target();
        this.reply = reply;
    }

    /** What a process needs to be allowed an action. */
    enum Kind {
        READ, WRITE, OWN;

        static Kind of(VfsAction action) {
            return switch (action) {
                case VfsAction.Read a -> READ;
                case VfsAction.ReadToEnd a -> READ;
                case VfsAction.ReadExact a -> READ;
                case VfsAction.ReadToString a -> READ;
                case VfsAction.ReadDir a -> READ;
                case VfsAction.Seek a -> READ;
                case VfsAction.Hash a -> READ;
                case VfsAction.Metadata a -> READ;
                case VfsAction.Len a -> READ;
                case VfsAction.DriveUsage a -> READ;
                case VfsAction.CreateDrive a -> OWN;
                default -> WRITE;
            };
        }
    }

    /** Refuses what the sender may not. */
    void require(Kind kind, DrivePath path) throws Refused {
        if (sender.packageId().equals(path.owner()) || isRoot()
                || kind != Kind.OWN && reply.senderHolds(capability(vfs, kind, path))) {
            return;
        }
        throw new Refused(kind == Kind.READ ? new VfsResponse.NoReadCap() : new VfsResponse.NoWriteCap());
    }

    boolean isRoot() {
        return sender.equals(KERNEL) || sender.packageId().equals(TERMINAL)
                || reply.senderHolds(new Capability(vfs, "{\"root\":true}"));
    }

    /** Whether the sender holds it itself, whatever else lets it in. */
    boolean holds(Kind kind, DrivePath path) {
        return reply.senderHolds(capability(vfs, kind, path));
    }

    /** The capability to read or write a drive. */
    static Capability capability(Address vfs, Kind kind, DrivePath path) {
        return new Capability(vfs, "{\"kind\":\"" + (kind == Kind.READ ? "read" : "write") + "\",\"drive\":\"/"
                + path.owner() + '/' + escaped(path.drive()) + "\"}");
    }

    /** A drive's name has no control characters and no backslash; a quotation mark it may have. */
    private static String escaped(String name) {
        return name.replace("\"", "\\\"");
    }

    /** The Request is answered without touching a file. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient VfsResponse answer;

        Refused(VfsResponse answer) {
            super(null, null, false, false);
            this.answer = answer;
        }

        VfsResponse answer() {
            return answer;
        }
    }
}
