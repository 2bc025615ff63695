package org.ashlar.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that find each other in directories, and people who compare fingerprints. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DirectoriesIT {
    @TempDir
    Path folder;
    private DatagramSocket names;
    private Ashlar anna;
    private Ashlar bert;

    @BeforeEach
    void start() throws Exception {
        names = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        anna = new Ashlar(Files.createDirectories(folder.resolve("anna")));
        bert = new Ashlar(Files.createDirectories(folder.resolve("bert")));
    }

    @AfterEach
    void stop() throws Exception {
        names.close();
        anna.close();
        bert.close();
    }

    /** Multicast stays on loopback, at a port of this test's own. */
    private static void up(Ashlar node, String name, int port, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("up", "--detach", "--lan", "--directory", "anna.os", "--name", name));
        words.addAll(List.of(options));
        Ashlar.Result up = node.runWith(environment -> environment.put("JDK_JAVA_OPTIONS",
                "-Dashlar.lan.interface=lo -Dashlar.lan.port=" + port), words.toArray(String[]::new));
        assertEquals(0, up.status(), up.err());
    }

    /** The line that {@code node} shows of {@code name}, which it looks for until it is unconfirmed there. */
    private static String found(Ashlar node, String name) throws Exception {
        Ashlar.Result found = node.run("peer", "find", name);
        for (int i = 0; i < 40 && found.status() != 0; i++) {
            Thread.sleep(500);
            found = node.run("peer", "find", name);
        }
        assertTrue(found.out().startsWith(name + " is unconfirmed: "), found.toString());
        return found.out();
    }

    /** A name server that answers every question with the strings of one record of a zone file, if its name is asked for. */
    private void answer(String record) {
        byte[] packet = new byte[4_096];
        try {
            while (true) {
                DatagramPacket query = new DatagramPacket(packet, packet.length);
                names.receive(query);
                int end = 12;
                StringBuilder name = new StringBuilder();
                for (; packet[end] != 0; end += packet[end] + 1) {
                    name.append(new String(packet, end + 1, packet[end], US_ASCII)).append('.');
                }
                String[] parts = record.split(" 3600 IN TXT ");
                assertEquals(parts[0], name.toString());
                ByteArrayOutputStream strings = new ByteArrayOutputStream();
                for (String string : parts[1].substring(1, parts[1].length() - 1).split("\" \"")) {
                    strings.write(string.length());
                    strings.writeBytes(string.getBytes(US_ASCII));
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(bytes);
                out.write(packet, 0, 2); // its number
                out.write(new byte[] {(byte) 0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0}); // an answer; one question, one record
                out.write(packet, 12, end + 5 - 12);
                out.write(new byte[] {(byte) 0xc0, 12, 0, 16, 0, 1}); // the same name, TXT
                out.writeInt(3_600);
                out.writeShort(strings.size());
                strings.writeTo(out);
                names.send(new DatagramPacket(bytes.toByteArray(), bytes.size(), query.getSocketAddress()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    /** Anna reads the digits of her key to bert, in groups of four; first he types others. */
    private void addedOnATerminal(String key, String other) throws Exception {
        for (String digits : List.of(other, "", key)) {
            try (Screen screen = new Screen(bert, "peer", "add", "anna.os")) {
                screen.await("anna.os is unconfirmed: ");
                screen.await(key.substring(0, 4) + " " + key.substring(4, 8));
                screen.await("The first 16 digits of its key, as its owner says them: ");
                screen.type(digits.substring(0, Math.min(16, digits.length())).replaceAll("(.{4})", "$1 ").strip() + "\r");
                screen.await(digits.equals(key) ? "anna.os is written down"
                        : digits.isEmpty() ? "anna.os was not written down" : "no key that is given for anna.os");
                assertEquals(digits.equals(key) ? 0 : 1, screen.end());
            }
        }
    }

    @Test
    void nodesOfOneNetworkFindEachOtherAndTalkOnceBothAreConfirmed() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket()) {
            port = free.getLocalPort();
        }
        up(anna, "anna.os", port, "--serve-directory");
        up(bert, "bert.os", port, "--dns", "127.0.0.1:" + names.getLocalPort());
        String line = found(anna, "bert.os");
        assertTrue(line.contains("(lan)"), line);
        // Below it stands which directories did not answer.
        assertEquals(line.lines().limit(1).toList(), anna.ok("peer", "list").lines().toList());
        assertTrue(anna.run("hi", "bert.os", "hello").refused(1).err().contains("bert.os cannot be reached"));
        String key = bert.ok("card").replaceAll("(?s).*ed25519:([0-9a-f]+).*", "$1");
        String other = key.replace('0', 'x').replace('1', '0').replace('x', '1');
        assertTrue(anna.run("peer", "confirm", "bert.os", other.substring(0, 20)).refused(1).err().contains("no key that is given for bert.os"));
        assertTrue(anna.ok("peer", "confirm", "bert.os", key.substring(0, 16)).startsWith("bert.os is written down"));
        assertTrue(anna.ok("peer", "list").startsWith("bert.os ed25519:" + key));
        found(bert, "anna.os");
        assertTrue(bert.run("peer", "add", "anna.os").refused(1).err().contains("ashlar peer confirm anna.os FINGERPRINT"));
        addedOnATerminal(anna.ok("card").replaceAll("(?s).*ed25519:([0-9a-f]+).*", "$1"), other);
        assertEquals("response from bert.os: ack\n", anna.ok("hi", "bert.os", "hello"));

        // Now that they know each other, bert's node publishes its card in anna's directory, where it stays when she forgets him.
        Path card = anna.home().resolve("directory/bert.os.card");
        for (int i = 0; i < 240 && !Files.exists(card); i++) {
            Thread.sleep(250);
        }
        assertEquals(bert.ok("card").strip(), Files.readString(card));
        anna.ok("peer", "remove", "bert.os");
        String both = found(anna, "bert.os");
        assertTrue(both.contains("(directory:anna.os, lan)"), both);

        // And anna's person puts her card into DNS; bert's node, which is not known to hers any more, cannot ask her directory.
        String record = anna.ok("card", "--dns").strip();
        Thread.ofPlatform().daemon().start(() -> answer(record));
        bert.ok("peer", "remove", "anna.os");
        String dns = found(bert, "anna.os");
        assertTrue(dns.contains("(lan, dns)") && dns.contains("directory:anna.os: anna.os does not answer"), dns);
    }
}
