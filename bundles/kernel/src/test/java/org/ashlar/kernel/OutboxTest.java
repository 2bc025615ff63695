package org.ashlar.kernel;

import static org.ashlar.kernel.Scripts.serving;
import static org.ashlar.kernel.TestNode.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sends without waiting to a full mailbox keeps its order, within limits. */
@Timeout(60)
class OutboxTest {
    private final TestNode node = new TestNode();
    private final CompletableFuture<Void> gate = new CompletableFuture<>();
    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private final ProcessId slow = node.guest("slow", OnExit.NONE, host -> {
        gate.join();
        serving((h, body) -> taken.add(body)).run(host);
    });

    @AfterEach
    void stop() {
        gate.complete(null);
        node.close();
    }

    private void fill() {
        for (int i = 0; i < Mailbox.MAX_MESSAGES; i++) {
            node.tell(slow, "fills");
        }
    }

    @Test
    void whatASystemProcessSendsToAFullMailboxArrivesInOrder() {
        fill();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add(Integer.toString(i));
            node.tell(slow, sent.getLast());
        }
        gate.complete(null);
        TestNode.await("all have arrived", () -> taken.size() == Mailbox.MAX_MESSAGES + sent.size());
        assertEquals(sent, taken.stream().filter(body -> !body.equals("fills")).toList());
    }

    @Test
    void whatWaitsForAFullMailboxIsBounded() {
        fill();
        for (int i = 0; i < Backlog.MAX_MESSAGES; i++) {
            node.tell(slow, "waits");
        }
        CompletableFuture<Answer> oneTooMany = node.asking(slow, "one too many", 60);
        assertThrows(ExecutionException.class, () -> oneTooMany.get(1, TimeUnit.SECONDS));
        assertTrue(node.prints.stream().anyMatch(each -> each.text().contains("its mailbox is full")));
    }

    @Test
    void theLastRequestsOfAProcessWaitForRoomThoughItIsGone() {
        fill();
        OnExit farewells = new OnExit.Requests(List.of(parting("farewell"), parting("for ever")));
        ProcessId brief = node.guest("brief", farewells, host -> { });
        TestNode.await("it is gone", () -> node.node.slots().guest(brief).isEmpty());
        gate.complete(null);
        TestNode.await("all have arrived", () -> taken.size() == Mailbox.MAX_MESSAGES + 2);
        assertEquals(List.of("farewell", "for ever"), taken.stream().filter(body -> !body.equals("fills")).toList());
    }

    private OnExit.Parting parting(String body) {
        return new OnExit.Parting(node.address(slow), Request.of(body), Optional.empty());
    }
}
