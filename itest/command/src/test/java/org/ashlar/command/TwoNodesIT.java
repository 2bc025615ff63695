package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example packages for two nodes, as the tutorial uses them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class TwoNodesIT {
    private static final String CHAT = "our@chat:chat-rust:ashlar.os";
    private static final String TRANSFER = "our@transfer:file-transfer-rust:ashlar.os";
    private static final String DRIVES = "/file-transfer-rust:ashlar.os/";
    private static final int SIZE = 24 << 20;

    @TempDir
    Path folder;
    private final List<Ashlar> nodes = new ArrayList<>();
    private Ashlar anna;
    private Ashlar bert;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "three starts of nodes and a large file only with \"./ashlar test --all\"");
        anna = node("anna");
        bert = node("bert");
        bert.ok("peer", "add", anna.ok("card").strip());
        anna.ok("peer", "add", bert.ok("card").strip());
    }

    private Ashlar node(String name) throws Exception {
        Ashlar node = new Ashlar(Files.createDirectories(folder.resolve(name)));
        nodes.add(node);
        node.up(name + ".os");
        for (String example : new String[] {"chat", "file-transfer"}) {
            node.ok("start", Ashlar.ROOT.resolve("sdk/rust/examples/" + example).toString(), "--yes");
        }
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (Ashlar node : nodes) {
            node.close();
        }
    }

    private static byte[] content(int seed) {
        byte[] content = new byte[SIZE];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** Where bert's part file is, once something is in it. */
    private Path begun() throws Exception {
        Path received = bert.home().resolve("vfs/file-transfer-rust:ashlar.os/received");
        for (int i = 0; i < 60_000; i++) {
            try (Stream<Path> files = Files.isDirectory(received) ? Files.list(received) : Stream.of()) {
                for (Path file : files.toList()) {
                    if (file.toString().endsWith(".part") && Files.size(file) > 0) {
                        return file;
                    }
                }
            } catch (IOException moved) {
                // between two names
            }
            Thread.sleep(1);
        }
        throw new AssertionError("nothing is received");
    }

    @Test
    void linesAndFilesGoFromNodeToNodeAndAFileSurvivesTheDeathOfItsReceiver() throws Exception {
        assertEquals("bert.os has it", anna.ok("m", CHAT, "tell bert.os good morning", "-a", "30"));
        assertEquals("anna.os: good morning", bert.ok("m", CHAT, "history", "-a", "30"));
        assertTrue(bert.ok("log").contains("anna.os: good morning"));
        assertEquals("carol.os cannot be reached", anna.ok("m", CHAT, "tell carol.os hello", "-a", "30"));

        byte[] content = content(1);
        Path local = Files.write(folder.resolve("big.bin"), content);
        anna.ok("put", local.toString(), DRIVES + "offered/big.bin");
        assertTrue(bert.ok("m", TRANSFER, "get anna.os other.bin", "-a", "60").contains("there is no such file"));

        long receiver = bert.pid();
        Process asking = bert.start("m", TRANSFER, "get anna.os big.bin", "-a", "120").start();
        Path part = begun();
        ProcessHandle.of(receiver).ifPresent(ProcessHandle::destroyForcibly);
        bert.awaitFree();
        assertTrue(asking.waitFor(60, TimeUnit.SECONDS));
        long before = Files.size(part);
        assertTrue(before > 0 && before < SIZE, "killed between, at " + before);

        bert.up("bert.os");
        Path whole = part.resolveSibling("big.bin");
        for (int i = 0; i < 480 && !Files.exists(whole); i++) {
            Thread.sleep(250);
        }
        assertTrue(Files.exists(whole), bert.ok("log"));
        assertArrayEquals(content, Files.readAllBytes(whole));
        assertFalse(Files.exists(part));
        String log = bert.ok("log");
        assertTrue(log.contains("goes on at byte"), log);
        assertTrue(log.contains("sha256 " + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content))), log);
        assertEquals("nothing is being fetched", bert.ok("m", TRANSFER, "status", "-a", "30"));

        anna.ok("put", Files.write(folder.resolve("big.bin"), "short".getBytes()).toString(), DRIVES + "offered/big.bin");
        assertTrue(bert.ok("m", TRANSFER, "get anna.os big.bin", "-a", "60").startsWith("big.bin of anna.os: 5 bytes, sha256 "));
        assertEquals("short", bert.ok("cat", DRIVES + "received/big.bin"));
    }
}
