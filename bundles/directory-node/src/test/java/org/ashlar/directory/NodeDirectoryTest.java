package org.ashlar.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.codec.CardText;
import org.ashlar.codec.DirectoryAction;
import org.ashlar.codec.DirectoryAnswer;
import org.ashlar.tck.DirectoryContract;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that use the directory of one; what is between them is a call. */
class NodeDirectoryTest extends DirectoryContract {
    @TempDir
    Path home;
    private Optional<DirectoryProcess> process = Optional.empty();
    private Optional<NodeDirectory> here = Optional.empty();
    private final Map<String, NodeDirectory> others = new LinkedHashMap<>();

    private synchronized DirectoryProcess process() throws IOException {
        if (process.isEmpty()) {
            process = Optional.of(new DirectoryProcess(Optional.of(home.resolve("directory"))));
        }
        return process.get();
    }

    private DirectoryAnswer ask(String node, byte[] body) throws IOException {
        RecordedReply reply = new RecordedReply();
        ProcessId directory = ProcessId.parse("directory:distro:sys");
        process().handle(new Envelope(1, new Address(node, directory), new Address("dir.test", directory), Optional.empty(),
                Request.of(body).expecting(5), Optional.empty()), reply);
        return DirectoryAnswer.parse(reply.answer().response().body());
    }

    private NodeDirectory open(String node) {
        NodeDirectory directory = new NodeDirectory(Optional.of("dir.test"));
        Kernel kernel = (Kernel) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Kernel.class}, (self, method, words) -> {
            assertEquals("ask", method.getName());
            assertEquals("dir.test@directory:distro:sys", words[1].toString());
            DirectoryAnswer answer = ask(node, ((Request) words[2]).body());
            return CompletableFuture.completedFuture(new Answer((Address) words[1],
                    Response.of(answer.encode()), Optional.empty()));
        });
        directory.addKernel(kernel, Map.of());
        return directory;
    }

    @Override
    protected NodeDirectory directory() {
        if (here.isEmpty()) {
            here = Optional.of(open("here.test"));
        }
        return here.get();
    }

    @Override
    protected void publish(NodeCard card, byte[] signature) {
        others.computeIfAbsent(card.name() + HexFormat.of().formatHex(card.key()), node -> open(card.name())).announce(card, signature);
    }

    @AfterEach
    void close() {
        here.ifPresent(NodeDirectory::close);
        others.values().forEach(NodeDirectory::close);
        process.ifPresent(DirectoryProcess::close);
    }

    private static CardText signed(Node node, int port) {
        return new CardText(node.card(port), Optional.of(node.sign(node.card(port))));
    }

    private DirectoryAnswer put(String from, CardText card) throws IOException {
        return ask(from, new DirectoryAction.Publish(card).encode());
    }

    @Test
    void aNameBelongsToTheKeyThatCameFirstAlsoAfterARestart() throws Exception {
        Node bob = Node.of("bob.test");
        Node impostor = Node.of("bob.test");
        assertTrue(put("bob.test", signed(bob, 1)) instanceof DirectoryAnswer.Cards);
        for (int run = 0; run < 2; run++) {
            assertTrue(put("bob.test", signed(impostor, 2)) instanceof DirectoryAnswer.Err(String reason)
                    && reason.contains(bob.card(1).fingerprint()) && reason.contains(impostor.card(2).fingerprint()));
            process().close();
            process = Optional.empty();
        }
        assertTrue(put("bob.test", signed(bob, 3)) instanceof DirectoryAnswer.Cards);
        assertEquals(bob.card(3), ((DirectoryAnswer.Cards) ask("x.test", new DirectoryAction.Find("bob.test").encode())).cards().getFirst().card());
    }

    @Test
    void aNodePublishesItsOwnCardAndNoOther() throws Exception {
        assertTrue(put("eve.test", signed(Node.of("bob.test"), 1)) instanceof DirectoryAnswer.Err(String reason)
                && reason.equals("eve.test may publish its own card, and not that of bob.test"));
        assertTrue(ask("eve.test", "nonsense".getBytes(UTF_8)) instanceof DirectoryAnswer.Err);
    }

    @Test
    void aNodeThatRunsNoDirectorySaysSoAndSoDoesOneThatUsesNone() throws Exception {
        process = Optional.of(new DirectoryProcess(Optional.empty()));
        assertTrue(assertThrows(IOException.class, () -> directory().search("bob.test")).getMessage().contains("--serve-directory"));
        NodeDirectory none = new NodeDirectory(Optional.empty());
        assertTrue(assertThrows(IOException.class, () -> none.search("bob.test")).getMessage().contains("--directory"));
        none.close();
    }

    @Test
    void filesThatAreNoCardsOfTheirNodesArePassedOver() throws Exception {
        Path folder = Files.createDirectories(home.resolve("directory"));
        CardText bob = signed(Node.of("bob.test"), 1);
        Files.writeString(folder.resolve("alice.test.card"), bob.toString());
        Files.writeString(folder.resolve("bob.test.card"), bob.toString().replace(":1 sig", ":2 sig"));
        Files.writeString(folder.resolve("carol.test.card"), "nonsense");
        CardStore store = new CardStore(folder);
        assertEquals(new ArrayList<>(), store.list());
        store.put(bob);
        assertEquals(List.of(bob.toString()), new CardStore(folder).list().stream().map(CardText::toString).toList());
    }
}
