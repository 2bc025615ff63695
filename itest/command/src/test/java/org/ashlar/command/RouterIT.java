package org.ashlar.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, of which one takes no connections and is reached through another. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class RouterIT {
    @TempDir
    Path folder;
    private final List<Ashlar> nodes = new ArrayList<>();

    private Ashlar node(String name, String... options) throws Exception {
        Ashlar node = new Ashlar(Files.createDirectories(folder.resolve(name)));
        nodes.add(node);
        node.up(name, options);
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (Ashlar node : nodes) {
            node.close();
        }
    }

    private static void introduce(Ashlar one, Ashlar other) throws Exception {
        one.ok("peer", "add", other.ok("card").strip());
        other.ok("peer", "add", one.ok("card").strip());
    }

    /** Says hello until it is heard; the router may not be connected to yet. */
    private void reaches(Ashlar from, String name) throws Exception {
        Ashlar.Result said = from.run("hi", name, "hello");
        for (int i = 0; i < 60 && said.status() != 0; i++) {
            Thread.sleep(500);
            said = from.run("hi", name, "hello");
        }
        assertEquals("response from " + name + ": ack\n", said.out(), said.err() + logs());
    }

    private String logs() throws Exception {
        StringBuilder text = new StringBuilder();
        for (Ashlar node : nodes) {
            text.append('\n').append(node.ok("log")).append(node.ok("peers"));
        }
        return text.toString();
    }

    /** Two in a row; others may take those of the last run while a node is away. */
    private static String port() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(Math.min(socket.getLocalPort(), 65_000));
        }
    }

    @Test
    void aNodeThatTakesNoConnectionsIsReachedThroughItsRouterAndOfflineWithoutIt() throws Exception {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "three nodes, started four times: with \"./ashlar test --all\"");
        String port = port();
        Ashlar router = node("router.os", "--router-for", "ivan.os", "--port", port);
        Ashlar ivan = node("ivan.os", "--via", "router.os");
        Ashlar anna = node("anna.os");
        String card = ivan.ok("card");
        assertTrue(card.contains(" via:router.os ") && !card.contains("://"), card);
        introduce(router, ivan);
        introduce(router, anna);
        introduce(anna, ivan);
        reaches(anna, "ivan.os");
        assertTrue(ivan.ok("log").contains("anna.os: hello"));
        reaches(ivan, "anna.os");
        assertTrue(anna.ok("log").contains("ivan.os: hello"));

        router.kill();
        assertTrue(anna.run("hi", "ivan.os", "lost").refused(1).err().contains("ivan.os cannot be reached"));

        router.up("router.os", "--router-for", "ivan.os", "--port", port);
        reaches(anna, "ivan.os");
        reaches(ivan, "anna.os");
    }
}
