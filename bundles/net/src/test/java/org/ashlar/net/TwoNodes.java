package org.ashlar.net;

import static org.ashlar.net.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.message.SendError;
import org.ashlar.api.net.NodeCard;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes that know each other, and whoever else a test makes; all are closed after it. */
abstract class TwoNodes {
    /** What is closed after the test. */
    final List<AutoCloseable> parts = new ArrayList<>();
    TestNode alice;
    TestNode bob;

    @BeforeEach
    void start() {
        alice = node("alice.os");
        bob = node("bob.os");
        TestNode.introduce(alice, bob);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
    }

    final TestNode node(String name) {
        TestNode node = new TestNode(name);
        parts.add(node);
        return node;
    }

    /** A node that says to bob whatever the test wants. */
    final Puppet puppet(TestIdentity identity) throws IOException {
        Puppet puppet = new Puppet(identity, bob);
        parts.add(puppet);
        return puppet;
    }

    /** One that bob knows. */
    final TestIdentity known(String name) {
        TestIdentity identity = TestIdentity.of(name);
        bob.book.put(new NodeCard(name, identity.publicKey(), List.of(), List.of()));
        return identity;
    }

    static void exchange(TestNode from, TestNode to) {
        assertEquals("hello", text(from.ask(to, "echo:t:t", "hello")));
    }

    static SendError.Kind failed(RecordedReply reply) {
        return assertInstanceOf(RecordedReply.Outcome.Failed.class, reply.outcome()).kind();
    }
}
