package org.ashlar.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ashlar key}: the node's key, while the node is stopped. */
final class KeyCommand {
    private static final char[] NONE = {};
    private static final int MAX_PHRASE = 4096;

    private final CommandLine line;
    private final Home home;
    private final Console console;
    private final Passwords passwords;

    KeyCommand(CommandLine line, Home home, Console console, Map<String, String> environment) {
        this.line = line;
        this.home = home;
        this.console = console;
        this.passwords = new Passwords(line, console, environment);
    }

    int run() throws LaunchException, IOException, CommandLine.UsageException {
        String what = line.arguments().getFirst();
        List<String> allowed = switch (what) {
            case "password" -> List.of("new-password-file", "remove");
            case "rotate" -> List.of("back");
            case "export" -> List.of("phrase", "reference", "new-password-file");
            case "import" -> List.of("phrase", "name", "new-password-file");
            default -> throw new CommandLine.UsageException("key knows password, rotate, export and import, not \"" + what + "\"");
        };
        for (String option : List.of("new-password-file", "remove", "back", "phrase", "reference", "name")) {
            if (line.has(option) && !allowed.contains(option)) {
                throw new CommandLine.UsageException("--" + option + " does not go with key " + what);
            }
        }
        if (line.arguments().size() > 1 && !what.equals("import")) {
            throw new CommandLine.UsageException("\"" + line.arguments().get(1) + "\" is one argument too many for key " + what);
        }
        try (KeyTool tool = KeyTool.open()) {
            return what.equals("import") ? importKey(tool) : withKey(what, tool);
        }
    }

    private int withKey(String what, KeyTool tool) throws LaunchException, IOException, CommandLine.UsageException {
        if (!KeyTool.hasKey(home)) {
            throw new LaunchException("there is no node in " + home.path() + " yet; \"ashlar up\" makes one");
        }
        if (what.equals("export")) {
            return export(tool); // changes nothing, so the node may run
        }
        try (HomeLock lock = HomeLock.take(home)) {
            return what.equals("rotate") ? rotate(tool) : changePassword(tool);
        }
    }

    /** The password that opens the key there is. */
    private char[] current() throws LaunchException, IOException, CommandLine.UsageException {
        if (!KeyTool.isEncrypted(home)) {
            return NONE;
        }
        Optional<char[]> given = passwords.given(Passwords.KEY);
        return given.isPresent() ? given.get() : passwords.ask("Password of the node's key: ",
                "the key is encrypted, and its password is needed: --password-file FILE, --password-fd N, or " + Passwords.KEY
                        + " in the environment");
    }

    private int changePassword(KeyTool tool) throws LaunchException, IOException, CommandLine.UsageException {
        if (line.has("remove") && !KeyTool.isEncrypted(home)) {
            throw new LaunchException("the key is not encrypted");
        }
        char[] old = current();
        char[] fresh = NONE;
        if (!line.has("remove")) {
            fresh = newPassword("A new password for the node's key: ").filter(password -> password.length > 0)
                    .orElseThrow(() -> new LaunchException("a new password is needed: --new-password-file FILE; --remove decrypts the key"));
        }
        tool.changePassword(home, old, fresh);
        return console.line(fresh.length == 0 ? "The key is not encrypted any more: whoever reads " + home.key() + " can be this node."
                : "The key is encrypted with the new password. Older backups hold it as it was.");
    }

    /** From the file that is named, or a person; empty when there is neither. */
    private Optional<char[]> newPassword(String question) throws LaunchException, IOException {
        Optional<char[]> file = passwords.ofFile("new-password-file");
        return file.isPresent() || !console.screen().answers() ? file : Optional.of(passwords.askNew(question));
    }

    private int rotate(KeyTool tool) throws LaunchException, IOException, CommandLine.UsageException {
        List<String> fingerprints = tool.rotate(home, current(), line.has("back"));
        Files.write(home.rotated(), new byte[0]);
        return console.line("""
                The node has another key now.
                  before  %s
                  now     %s
                Other nodes refuse it until they are told. The next "ashlar up" shows the new card; give it to everyone who knows the node.
                They compare the fingerprints with you, and take it with: ashlar peer add CARD --replace
                The key before is kept in %s; "ashlar key rotate --back" takes it again.""".formatted(fingerprints.get(0),
                fingerprints.get(1), home.key().resolveSibling("node.before")));
    }

    private int export(KeyTool tool) throws LaunchException, IOException, CommandLine.UsageException {
        if (line.has("phrase") == line.has("reference")) {
            throw new CommandLine.UsageException("key export takes either --phrase or --reference FILE");
        }
        char[] password = current();
        if (line.has("phrase")) {
            String phrase = tool.phrase(home, password);
            console.out(console.screen().answers() ? Unlock.lines(phrase).getBytes(StandardCharsets.UTF_8)
                    : (phrase + "\n").getBytes(StandardCharsets.UTF_8));
            return Main.DONE;
        }
        Optional<char[]> chosen = newPassword("A password for the file (empty: that of the node's key): ").filter(fresh -> fresh.length > 0);
        if (chosen.isEmpty() && password.length == 0) {
            throw new LaunchException("a password for the file is needed: --new-password-file FILE");
        }
        Path file = Path.of(line.option("reference").orElseThrow()).toAbsolutePath();
        tool.exportReference(home, password, chosen.orElse(password), file);
        return console.line(file + " is a keyfile for the reference implementation. Never run both nodes at one time.");
    }

    private int importKey(KeyTool tool) throws LaunchException, IOException, CommandLine.UsageException {
        boolean phrase = line.has("phrase");
        if (phrase == line.arguments().size() > 1) {
            throw new CommandLine.UsageException("key import takes either --phrase or a FILE");
        }
        if (KeyTool.hasKey(home)) {
            throw new LaunchException(home.path() + " has a node already; name a new folder with --home");
        }
        return phrase ? importPhrase(tool) : importFile(tool, Path.of(line.arguments().get(1)));
    }

    private int importPhrase(KeyTool tool) throws LaunchException, IOException, CommandLine.UsageException {
        boolean answers = console.screen().answers();
        if (!answers && !line.has("name")) {
            throw new CommandLine.UsageException("key import --phrase needs --name NAME: the name is not in the phrase");
        }
        String name = tool.checkedName(answers && !line.has("name") ? console.ask("The node's name: ").strip() : line.option("name").orElseThrow());
        String words = answers ? console.ask("The 24 words of its recovery phrase: ") : standardInput();
        char[] password = newPassword("A password for the key (empty: the key is not encrypted): ").orElse(NONE);
        Home made = home.createFolder();
        try (HomeLock lock = HomeLock.take(made)) {
            made.prepare();
            return imported(made, name, tool.importPhrase(made, name, words, password));
        }
    }

    private static String standardInput() throws IOException, LaunchException {
        byte[] text = System.in.readNBytes(MAX_PHRASE + 1);
        if (text.length > MAX_PHRASE) {
            throw new LaunchException("standard input is too long for a recovery phrase");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private int importFile(KeyTool tool, Path file) throws LaunchException, IOException, CommandLine.UsageException {
        Optional<char[]> given = passwords.given(Passwords.KEY);
        char[] filePassword = given.isPresent() ? given.get() : passwords.ask("Password of the keyfile: ",
                "the password of the keyfile is needed: --password-file FILE, --password-fd N, or " + Passwords.KEY + " in the environment");
        char[] password = newPassword("A password for the key here (empty: that of the keyfile): ").filter(fresh -> fresh.length > 0)
                .orElse(filePassword);
        Home made = home.createFolder();
        try (HomeLock lock = HomeLock.take(made)) {
            made.prepare();
            List<String> known = tool.importReference(made, file, filePassword, password);
            return imported(made, known.get(0), known.get(1));
        }
    }

    private int imported(Home made, String name, String fingerprint) throws IOException {
        return console.line("This is the key of " + name + ", " + fingerprint + ". Start the node with: ashlar up --home " + made.path());
    }
}
