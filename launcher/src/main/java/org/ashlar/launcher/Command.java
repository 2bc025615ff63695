package org.ashlar.launcher;

import java.util.List;
import java.util.Optional;

/**
 * What a command looks like: the one place that usage, help and completion are made from.
 *
 * @param name      as typed
 * @param place     where it is carried out
 * @param arguments how its arguments are shown in help, such as {@code ADDRESS BODY}
 * @param min       fewest arguments
 * @param max       most arguments
 * @param options   what it takes besides {@code --home} and {@code --help}
 * @param summary   one line
 * @param details   further lines of its help
 */
record Command(String name, Place place, String arguments, int min, int max, List<Option> options, String summary,
               String details) {

    enum Place {
        /** In the node, over the control socket. */
        NODE,
        /** In this program. */
        HERE,
        /** In the script {@code ashlar} of a source tree. */
        SOURCE
    }

    /**
     * An option.
     *
     * @param name    without dashes; a single character is written with one dash, anything longer with two
     * @param value   what its value is called in help; empty for a flag
     * @param summary one line
     */
    record Option(String name, String value, String summary) {
        String shown() {
            return (name.length() == 1 ? "-" : "--") + name + (value.isEmpty() ? "" : " " + value);
        }
    }

    static final Option HOME = new Option("home", "DIR", "the node's home folder (else ASHLAR_HOME, else the default)");
    static final Option HELP = new Option("help", "", "show this");
    private static final Option JSON = new Option("json", "", "print JSON; docs/guide/command.md documents its fields");

    private static final String CREDENTIAL = "what lets in at the target, a line for each value, mode 0600 (else asked for)";

    private static final Option PASSWORD_FILE = new Option("password-file", "FILE", "the password of the node's key (else ASHLAR_KEY_PASSWORD,"
            + " else asked for)");
    private static final Option PASSWORD_FD = new Option("password-fd", "N", "the same, from an open file descriptor; 0 is standard input");

    static final List<Command> ALL = List.of(
            new Command("up", Place.HERE, "", 0, 0, List.of(
                    new Option("name", "NAME", "the node's name, when its home is created"),
                    new Option("detach", "", "run in the background and return when the node is ready"),
                    new Option("listen", "ADDRESS", "take connections of other nodes there: an IP address of this machine, 0.0.0.0 for all,"
                            + " or none (else 127.0.0.1: from this machine alone)"),
                    new Option("port", "PORT", "the port for that, and the next one for WebSocket (else those of the last run)"),
                    new Option("host", "HOST", "what others are to call this machine, as the card says"),
                    new Option("directory", "NODE", "ask that node's directory for nodes, and publish this one's card there"),
                    new Option("serve-directory", "", "run a directory in which nodes publish their cards"),
                    new Option("dns", "HOST[:PORT]", "the name server to ask for nodes, or none (else those of the system)"),
                    new Option("lan", "", "find nodes on the same network, and be found there if others can reach this one"),
                    new Option("forget", "", "forget what these options were in earlier starts"),
                    PASSWORD_FILE, PASSWORD_FD,
                    new Option("via", "NAME,…", "be reached through these nodes, which are peers already, and take no connections (unless"
                            + " --listen is given)"),
                    new Option("router-for", "NAME,…", "lead others to these nodes, which say --via with this one's name"),
                    new Option("wait", "SECONDS", "give up when the node is not ready by then (else 60)"),
                    new Option("foreground", "", "stay in the foreground without a terminal (for service managers)")),
                    "start the node",
                    """
                    Creates the home on first start; on a terminal it asks for a name and a password, and shows the recovery phrase.
                    Elsewhere the key is encrypted when a password is given. On a terminal it opens the interactive terminal, and
                    the node ends with it; elsewhere, or with --detach, the node runs in the background.
                    What is said of the network is kept for the next starts; --forget goes back to the defaults."""),
            node("down", "stop the node cleanly", ""),
            new Command("status", Place.NODE, "", 0, 0, List.of(JSON), "what state the node is in", ""),
            new Command("ps", Place.NODE, "", 0, 0, List.of(JSON), "list the processes", ""),
            node("top", "watch the processes: mailboxes and rates, every second", "Without a terminal it prints once."),
            new Command("start", Place.NODE, "FOLDER|ZIP", 1, 1, List.of(
                    new Option("yes", "", "grant what the package asks for without asking"),
                    new Option("as", "PACKAGE", "whose it is (package:publisher), for a ZIP that does not say so")),
                    "install or update a package and start its processes",
                    """
                    FOLDER holds metadata.json and pkg/; ZIP is such a pkg/ zipped. Shows which capabilities the package asks for,
                    with a plus sign before what was not granted yet, and asks for a yes. A package that is installed is
                    updated: state and mail are kept, and if the new one does not start, the old one comes back."""),
            node("packages", "list the installed packages", ""),
            new Command("remove", Place.NODE, "PACKAGE", 1, 1, List.of(), "remove a package (package:publisher)", ""),
            new Command("ls", Place.NODE, "[PATH]", 0, 1, List.of(JSON), "list what a folder of a drive holds",
                    "PATH is /package:publisher/drive/folder; without one the packages are listed, of a package its drives."),
            new Command("cat", Place.NODE, "PATH", 1, 1, List.of(), "print a file of a drive", ""),
            new Command("put", Place.NODE, "LOCAL PATH", 2, 2, List.of(), "copy a file into a drive",
                    """
                    Makes the folders and the drive that are missing, and replaces a file that is there: when all of the new one is on
                    disk, in one step. A PATH that is a folder, or ends with a slash, gets a file of the same name."""),
            new Command("get", Place.NODE, "PATH LOCAL", 2, 2, List.of(), "copy a file out of a drive",
                    "Replaces a file that is there, in one step. A LOCAL that is a folder gets a file of the same name."),
            new Command("rm", Place.NODE, "PATH", 1, 1, List.of(
                    new Option("r", "", "a folder with all that is in it")),
                    "remove a file of a drive, or a folder", ""),
            new Command("df", Place.NODE, "", 0, 0, List.of(JSON), "how full the drives are", ""),
            new Command("m", Place.NODE, "ADDRESS BODY", 2, 2, List.of(
                    new Option("a", "SECONDS", "wait for the Response and print its body")),
                    "send a Request to a process",
                    """
                    ADDRESS is node@process:package:publisher, with "our" for this node. It is sent by terminal:terminal:sys,
                    a system process: it may message every process on this node. Put BODY in single quotes:
                      ashlar m our@echo:echo:ashlar.os '{"hello":"world"}' -a 5"""),
            new Command("backup", Place.NODE, "WHAT [ARGUMENT…]", 1, 60, List.of(
                    new Option("name", "NAME", "add: what the target is called (else after its folder)"),
                    new Option("password-file", "FILE", "the password of the backups (else ASHLAR_BACKUP_PASSWORD, else asked for)"),
                    new Option("credential-file", "FILE", CREDENTIAL),
                    new Option("limit", "RATE", "add: bytes a second that go there at most, such as 500K or 5M"),
                    new Option("user", "NAME", "add: who asks at a server, whose password is asked for"),
                    new Option("certificate", "FINGERPRINT", "add: SHA-256 of a server's certificate, when that alone is trusted"),
                    new Option("host-key", "SHA256:…", "add: the fingerprint of an SSH server's key, as ssh-keygen -lf shows it there"),
                    new Option("key-file", "FILE", "add: your private key for an SSH server (else a password is asked for)"),
                    new Option("region", "NAME", "add: the region of an S3 store (else us-east-1)"),
                    new Option("plain-http", "", "add: http: to another machine; everybody on the way can read the password"),
                    new Option("keep-password", "", "add, now: keep it in a file only you can read, so that backups run by themselves"),
                    new Option("all", "", "verify: read everything, not a sample"),
                    new Option("repair", "", "verify --all: bring back what is damaged from another target"),
                    new Option("new-password-file", "FILE", "password add, change: the new one (else asked for)"),
                    new Option("to", "DIR", "restore: where to, also /package:publisher/drive/folder (else restored-SNAPSHOT here); sheet: a file"),
                    new Option("keep", "N,N,N,N,N,N", "forget: how many of the last, hourly, daily, weekly, monthly, yearly ones stay"),
                    new Option("grace", "DAYS", "prune: how long what is of no use stays (else 7)"),
                    new Option("at-once", "", "prune: delete what waits, without a grace period"),
                    JSON),
                    "back the node up, and look after the backups",
                    """
                    WHAT is one of:
                      add PLACE             a target from now on; the first one asks for a password
                      remove NAME           no longer a target; what lies there stays
                      credential NAME       what lets the node in at a target, given anew
                      targets               the targets and how they stand
                      now                   back up, and bring every target what it lacks
                      status                what would be lost if this machine burned now
                      snapshots             what there is; "latest" is the newest
                      ls SNAPSHOT [PATH]    what is in one
                      verify                read a sample back and restore it to scratch
                      restore SNAPSHOT PATH…  files of a snapshot into a folder, or with --to into a drive
                      forget [SNAPSHOT…]    by a policy, or these
                      prune                 free what no snapshot uses
                      password add|change   one more that opens the backups, or another in place of the one you give
                      password list|remove KEY  which there are; one opens them no more
                      sheet                 a page to print: where the backups are, and how to bring the node back
                    To bring the whole node back on an empty machine: ashlar help restore"""),
            new Command("restore", Place.HERE, "", 0, 0, List.of(
                    new Option("from", "PLACE", "where the backups are; several with a line break between them"),
                    new Option("snapshot", "SNAPSHOT", "which one (else the newest)"),
                    new Option("password-file", "FILE", "the password of the backups (else ASHLAR_BACKUP_PASSWORD, else asked for)"),
                    new Option("credential-file", "FILE", CREDENTIAL),
                    new Option("user", "NAME", "who asks at a server, as for backup add"),
                    new Option("certificate", "FINGERPRINT", "SHA-256 of a server's certificate, when that alone is trusted"),
                    new Option("host-key", "SHA256:…", "the fingerprint of an SSH server's key; of several servers with commas between them"),
                    new Option("key-file", "FILE", "your private key for an SSH server (else a password is asked for)"),
                    new Option("region", "NAME", "the region of an S3 store (else us-east-1)"),
                    new Option("plain-http", "", "http: to another machine; everybody on the way can read the password")),
                    "bring a node back from its backups, into a new home",
                    "--home names the home to be made; there must be nothing. Deployed bundles come back, and start only when you move them."),
            new Command("key", Place.HERE, "password|rotate|export|import [FILE]", 1, 2, List.of(
                    PASSWORD_FILE, PASSWORD_FD,
                    new Option("new-password-file", "FILE", "the password of what is written (else asked for)"),
                    new Option("remove", "", "password: decrypt the key"),
                    new Option("back", "", "rotate: take the key before again"),
                    new Option("phrase", "", "export, import: the recovery phrase, 24 words"),
                    new Option("reference", "FILE", "export: a keyfile for the reference implementation"),
                    new Option("name", "NAME", "import --phrase: the node's name")),
                    "look after the node's key, while the node is stopped",
                    """
                    password      encrypt the key with a password, another one, or with --remove none
                    rotate        make a new key; other nodes must be given the new card
                    export        show the recovery phrase, or write a keyfile
                    import        make a new home with the key of a recovery phrase (typed, or from standard input), or of a
                                  keyfile FILE of the reference implementation, whose password --password-file gives"""),
            new Command("card", Place.NODE, "", 0, 0, List.of(
                    new Option("dns", "", "as the TXT record by which DNS gives it"),
                    new Option("qr", "", "as a QR code, for a camera")),
                    "show this node's card, for others to add",
                    "The card is one line: name, key, addresses, signature. Nothing in it is secret."),
            new Command("peer", Place.NODE, "add|list|find|confirm|remove|block [CARD|NAME [FINGERPRINT]]", 1, 64, List.of(
                    new Option("replace", "", "with add and confirm: take it though another key is known")),
                    "write down other nodes, or block them",
                    """
                    add CARD     a node's card, as "ashlar card" shows it there
                    add NAME     a node that a directory names; asks for the first digits of its key, which its owner tells you
                    list         all nodes that are known, and those that directories name and you have not confirmed
                    find NAME    look for a node in all directories
                    confirm NAME FINGERPRINT  write down a node that a directory names: its key begins with these digits
                    remove NAME  forget a node, or lift a block
                    block NAME   have nothing to do with a node"""),
            new Command("peers", Place.NODE, "", 0, 0, List.of(JSON), "show the connections with other nodes", ""),
            new Command("hi", Place.NODE, "NODE TEXT", 2, 2, List.of(), "say something to the person who runs another node", ""),
            new Command("kill", Place.NODE, "PROCESS", 1, 1, List.of(), "end a process (process:package:publisher)", ""),
            new Command("engine", Place.NODE, "PROCESS [NAME|default]", 1, 2, List.of(), "show or choose the engine of a process",
                    """
                    NAME is that of an engine, such as chicory. It is used while it is there and can run the process, else the
                    one that is preferred for all. The process moves at its next receive; the choice is kept for good."""),
            new Command("log", Place.NODE, "[PROCESS]", 0, 1, List.of(
                    new Option("f", "", "go on showing what comes")),
                    "show the end of the log, of one process if given", ""),
            new Command("verbosity", Place.NODE, "[[PROCESS] LEVEL]", 0, 2, List.of(),
                    "show or set how much of what processes print is shown",
                    """
                    LEVEL is 0 to 3 for all processes, or for PROCESS alone; there also "mute", or "clear" to follow the rest.
                    It holds for the terminal and for the log, until the node stops."""),
            new Command("swap", Place.NODE, "[FILE]", 0, 1, List.of(JSON,
                    new Option("back", "", "take FILE, or the only file there is, out of the deploy folder again")),
                    "show which parts can be replaced, or replace one",
                    """
                    FILE is the jar of a bundle, or the name of a part that lies in the distribution, such as engine-endive. Says
                    which processes are started again, puts the jar into the deploy folder, waits until it is in use and those
                    processes have moved, and tells how long they were away. Fails when the old one stayed."""),
            node("bundles", "list the bundles the node is made of", ""),
            node("services", "list the services that bundles offer each other", ""),
            new Command("terminal", Place.HERE, "", 0, 0, List.of(), "open the interactive terminal of a running node",
                    "Leaving it leaves the node running."),
            new Command("test", Place.SOURCE, "", 0, 0, List.of(
                    new Option("all", "", "also what needs toolchains and rival programs, which it installs")),
                    "run the tests", ""),
            new Command("bench", Place.SOURCE, "[NAME…]", 0, 99, List.of(), "measure", "bench/README.md lists the names."),
            new Command("soak", Place.SOURCE, "DURATION", 0, 1, List.of(), "kill and fuzz for DURATION (such as 90m or 4h)", ""),
            new Command("help", Place.HERE, "[COMMAND]", 0, 1, List.of(), "show help", ""));

    private static Command node(String name, String summary, String details) {
        return new Command(name, Place.NODE, "", 0, 0, List.of(), summary, details);
    }

    static Optional<Command> named(String name) {
        return ALL.stream().filter(command -> command.name.equals(name)).findFirst();
    }

    /** The option of this command with that name, the general ones included. */
    Optional<Option> option(String optionName) {
        if (optionName.equals(HOME.name)) {
            return Optional.of(HOME);
        }
        if (optionName.equals(HELP.name)) {
            return Optional.of(HELP);
        }
        return options.stream().filter(option -> option.name.equals(optionName)).findFirst();
    }

    String usage() {
        StringBuilder usage = new StringBuilder("ashlar ").append(name);
        if (!arguments.isEmpty()) {
            usage.append(' ').append(arguments);
        }
        options.forEach(option -> usage.append(" [").append(option.shown()).append(']'));
        return usage.append(" [--home DIR]").toString();
    }
}
