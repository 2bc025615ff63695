package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may message whom is remembered, but never longer than it is so. */
class MessagingRightsTest {
    private final TestNode node = new TestNode();
    private ProcessId echo;
    private ProcessId sender;

    @BeforeEach
    void start() {
        echo = node.guest("echo", OnExit.NONE, false, Scripts.ECHO);
        sender = node.guest("sender", OnExit.NONE, Scripts.serving((host, body) -> {
            Delivery delivery = host.sendAndAwait(node.address(echo), Request.of(body).expecting(5), Optional.empty());
            Scripts.respond(host, delivery instanceof Delivery.Received ? "answered" : "refused");
        }));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void give() {
        node.node.grants().give(sender, List.of(SignedCapability.unsigned(messaging())));
    }

    private Capability messaging() {
        return Capability.messaging(node.address(echo));
    }

    private String outcome() throws Exception {
        return text(node.ask(sender, "hello", 5));
    }

    @Test
    void aRightThatIsGivenCountsAtOnce() throws Exception {
        assertEquals("refused", outcome());
        give();
        assertEquals("answered", outcome());
    }

    @Test
    void aRightThatIsTakenAwayAfterItWasUsedCountsNoMore() throws Exception {
        give();
        assertEquals("answered", outcome());
        node.node.grants().take(sender, List.of(messaging()));
        assertEquals("refused", outcome());
    }

    @Test
    void aRightEndsWithTheProcessThatIssuedIt() throws Exception {
        give();
        assertEquals("answered", outcome());
        node.node.guests().kill(echo);
        node.guest("echo", OnExit.NONE, false, Scripts.ECHO);
        assertEquals("refused", outcome());
    }
}
