package org.ashlar.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.ProcessId;
import org.ashlar.files.Durable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code <home>/identity/node}: four lines {@code ashlar-identity 1}, {@code name …}, {@code seed <64 hex>},
 * {@code check <SHA-256 of the lines before, hex>}. Only its owner may read it. It is written once, and complete or not
 * at all; nothing ever replaces it.
 */
final class IdentityFile {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityFile.class);
    private static final String HEAD = "ashlar-identity ";
    private static final String VERSION = "1";
    private static final int MAX_BYTES = 1024;
    private static final ProcessId ANY = new ProcessId("x", "x", "x");

    private final Path folder;
    private final Path file;

    IdentityFile(Path home) {
        folder = home.resolve("identity");
        file = folder.resolve("node");
    }

    /** What the file holds; empty when there is none. @throws IdentityException when it is damaged */
    Optional<NodeKey> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        keepPrivate();
        if (Files.size(file) > MAX_BYTES) {
            throw damaged("it is longer than " + MAX_BYTES + " bytes");
        }
        List<String> lines = new String(Files.readAllBytes(file), UTF_8).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().startsWith(HEAD)) {
            throw damaged("it does not begin with \"" + HEAD + VERSION + '"');
        }
        String version = lines.getFirst().substring(HEAD.length());
        if (!version.equals(VERSION)) {
            throw new IdentityException("The identity in " + file + " has the layout version " + version
                    + ", and this version of Ashlar reads " + VERSION + ". Start the version that wrote it, or a newer one.");
        }
        if (lines.size() != 4 || !lines.get(3).equals("check " + check(lines.subList(0, 3)))) {
            throw damaged("its lines do not match its check line");
        }
        return Optional.of(new NodeKey(checkedName(after("name ", lines.get(1))), seed(after("seed ", lines.get(2)))));
    }

    /** Writes a new identity; on disk when this returns. */
    void create(NodeKey key) throws IOException {
        Durable.createFolder(folder);
        List<String> lines = List.of(HEAD + VERSION, "name " + key.name(), "seed " + HexFormat.of().formatHex(key.seed()));
        Durable.write(file, (String.join("\n", lines) + "\ncheck " + check(lines) + "\n").getBytes(UTF_8));
    }

    Path path() {
        return file;
    }

    /** Checks a node name. @throws IdentityException with what is wrong with it */
    static String checkedName(String name) {
        try {
            String checked = new Address(name, ANY).node();
            if (checked.equals(Address.OUR)) {
                throw new IdentityException("A node cannot be named \"our\": that stands for whichever node reads it.");
            }
            return checked;
        } catch (IdentifierException e) {
            throw new IdentityException("This is no name for a node: " + e.getMessage());
        }
    }

    private void keepPrivate() throws IOException {
        if (!Durable.isPosix(file)) {
            return;
        }
        if (!Files.getPosixFilePermissions(file).equals(Durable.OWNER_FILE)) {
            LOG.warn("{} could be read or written by others than its owner; it is now mode 0600. If others use this machine,"
                    + " treat the node's key as known to them.", file);
            Files.setPosixFilePermissions(file, Durable.OWNER_FILE);
        }
        if (!Files.getPosixFilePermissions(folder).equals(Durable.OWNER_FOLDER)) {
            Files.setPosixFilePermissions(folder, Durable.OWNER_FOLDER);
        }
    }

    private byte[] seed(String hex) {
        try {
            byte[] seed = HexFormat.of().parseHex(hex);
            if (seed.length == NodeKey.SEED) {
                return seed;
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("seed line of {}", file, e);
        }
        throw damaged("its seed is not " + NodeKey.SEED + " bytes in hex");
    }

    private String after(String word, String line) {
        if (!line.startsWith(word)) {
            throw damaged("a line that should begin with \"" + word + "\" does not");
        }
        return line.substring(word.length());
    }

    private IdentityException damaged(String how) {
        return new IdentityException("The node's identity " + file + " is damaged: " + how + ". Put the file back from a"
                + " backup. Without one the node's key is lost: move the folder " + folder + " away, and the next start"
                + " makes a new key, which other nodes will not accept under the old name.");
    }

    private static String check(List<String> lines) {
        try {
            byte[] text = (String.join("\n", lines) + '\n').getBytes(UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
