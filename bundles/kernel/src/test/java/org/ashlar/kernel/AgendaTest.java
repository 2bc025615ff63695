package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock looks at a slot when something is due there, and at no other time. */
@Timeout(60)
class AgendaTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void guestsThatWaitForMailAreNotVisited() throws Exception {
        List<ProcessId> guests = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            guests.add(node.guest("guest-" + i, OnExit.RESTART, Scripts.FRAGILE));
        }
        for (ProcessId guest : guests) {
            assertEquals("hello", TestNode.text(node.ask(guest, "hello", 5)));
        }
        // The one who asked is looked at once more when the first of its Requests would have been late.
        TestNode.await("no guest is to be visited", () -> node.node.agenda().size() <= 1);
        node.time.pass(Duration.ofSeconds(6));
        TestNode.await("nobody is", () -> node.node.agenda().size() == 0);

        CompletableFuture<Answer> trapped = node.asking(guests.getFirst(), "trap", 60);
        assertThrows(ExecutionException.class, () -> trapped.get(5, TimeUnit.SECONDS));
        assertEquals("back", TestNode.text(node.ask(guests.getFirst(), "back", 30)), "it is started again when that is due");
        node.time.pass(Duration.ofSeconds(61));
        TestNode.await("nobody is any more", () -> node.node.agenda().size() == 0);
    }

    @Test
    void aSlotHasOneEntryHoweverOftenItIsAdded() {
        Agenda agenda = new Agenda();
        Slot slot = new SystemSlot(new Address("test.os", TestNode.TESTER), node.node, Runnable::run);
        for (int at = 1000; at > 0; at--) {
            agenda.add(slot, at);
            agenda.add(slot, at + 5000);
        }
        assertEquals(1, agenda.size());
        assertEquals(List.of(), agenda.due(0));
        assertEquals(List.of(slot), agenda.due(1));
        assertEquals(List.of(), agenda.due(Long.MAX_VALUE));
        agenda.add(slot, 7);
        assertEquals(List.of(slot), agenda.due(Long.MAX_VALUE));
    }
}
