package org.ashlar.timer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Printout;
import org.ashlar.codec.TimerAction;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimerProcessTest {
    private static final long HOUR = 3_600_000;

    private final TimerProcess timer = new TimerProcess();
    private final List<Printout> printed = new ArrayList<>();

    @BeforeEach
    void listen() {
        timer.addSink(printed::add);
    }

    @AfterEach
    void close() {
        timer.close();
    }

    private RecordedReply set(String from, long millis, RecordedReply reply) {
        timer.handle(envelope("a.os", from, new TimerAction.SetTimer(millis).encode(), OptionalLong.of(7200)), reply);
        return reply;
    }

    private static Envelope envelope(String node, String from, byte[] body, OptionalLong seconds) {
        return new Envelope(1, new Address(node, ProcessId.parse(from)), Address.parse("a.os@timer:distro:sys"),
                Optional.empty(), new Request(false, seconds, body, Optional.empty(), List.of()), Optional.empty());
    }

    @Test
    void anAnswerComesNotBeforeTheTimeIsOverAndIsEmpty() {
        long start = System.nanoTime();
        RecordedReply reply = set("a:b:c", 150, new RecordedReply());
        assertEquals(0, reply.answer().response().body().length);
        assertEquals(Optional.empty(), reply.answer().blob());
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 145, "after " + millis + " ms");
    }

    @Test
    void zeroIsAtOnce() {
        set("a:b:c", 0, new RecordedReply()).answer();
    }

    @Test
    void timersAreAnsweredInTheOrderTheyAreDue() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Instant now = Instant.now(); // from here both count, however long setting them takes
        RecordedReply late = new RecordedReply(now);
        RecordedReply early = new RecordedReply(now);
        late.whenDone(() -> order.add("late"));
        early.whenDone(() -> order.add("early"));
        set("a:b:c", 1_500, late);
        set("a:b:c", 1_000, early);
        late.answer();
        early.answer();
        assertEquals(List.of("early", "late"), order);
    }

    @Test
    void aTimerThatIsHandedBackGoesOnWithTheTimeThatIsLeft() {
        RecordedReply first = set("a:b:c", HOUR, new RecordedReply());
        timer.close();
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, first.outcome());

        TimerProcess successor = new TimerProcess();
        try {
            Instant almostAnHourAgo = Instant.now().minus(Duration.ofMillis(HOUR - 100));
            RecordedReply second = new RecordedReply(almostAnHourAgo);
            successor.handle(envelope("a.os", "a:b:c", new TimerAction.SetTimer(HOUR).encode(), OptionalLong.of(7200)), second);
            second.answer();
            RecordedReply overdue = new RecordedReply(Instant.now().minus(Duration.ofHours(2)));
            successor.handle(envelope("a.os", "a:b:c", new TimerAction.SetTimer(HOUR).encode(), OptionalLong.of(7200)), overdue);
            overdue.answer();
        } finally {
            successor.close();
        }
    }

    @Test
    void aRequestThatComesWhileItDepartsIsHandedBack() {
        timer.close();
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, set("a:b:c", 5, new RecordedReply()).outcome());
    }

    @Test
    void oneSenderHasItsLimitAndOthersAreNotTouchedByIt() {
        for (int i = 0; i < Timers.MAX_PER_SENDER; i++) {
            set("greedy:b:c", HOUR, new RecordedReply());
        }
        RecordedReply over = set("greedy:b:c", 0, new RecordedReply());
        RecordedReply again = set("greedy:b:c", 0, new RecordedReply());
        set("modest:b:c", 0, new RecordedReply()).answer();
        assertInstanceOf(RecordedReply.Outcome.Refused.class, over.outcome(), "an answer would look like a timer that is due");
        assertInstanceOf(RecordedReply.Outcome.Refused.class, again.outcome());
        assertEquals(1, printed.size(), "it is told once");
        assertTrue(printed.getFirst().text().contains("greedy:b:c"), printed.getFirst().text());
    }

    @Test
    void aTimerThatFiredMakesRoom() throws Exception {
        for (int i = 0; i < Timers.MAX_PER_SENDER; i++) {
            set("greedy:b:c", 1, new RecordedReply());
        }
        RecordedReply last = new RecordedReply();
        for (int i = 0; i < 100 && last.isOpen(); i++) {
            Thread.sleep(20);
            set("greedy:b:c", 0, last);
        }
        last.answer();
    }

    @Test
    void timersOfASenderThatIsGoneEndAndMakeRoom() throws Exception {
        List<RecordedReply> gone = new ArrayList<>();
        for (int i = 0; i < Timers.MAX_PER_SENDER; i++) {
            gone.add(set("gone:b:c", HOUR, new RecordedReply()));
        }
        RecordedReply stays = set("stays:b:c", HOUR, new RecordedReply());
        gone.forEach(RecordedReply::abandon);
        RecordedReply next = new RecordedReply();
        for (int i = 0; i < 200 && !count().contains("1 timers run"); i++) {
            Thread.sleep(50);
        }
        assertTrue(count().contains("1 timers run"), count().toString());
        set("gone:b:c", 0, next).answer();
        timer.close();
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, stays.outcome());
        assertTrue(gone.stream().allMatch(RecordedReply::isOpen), "nobody is told");
    }

    private List<String> count() {
        printed.clear();
        timer.handle(envelope("a.os", "a:b:c", new TimerAction.Debug().encode(), OptionalLong.of(5)), new RecordedReply());
        return printed.stream().map(Printout::text).toList();
    }

    @Test
    void theLongestTimeIsTaken() {
        RecordedReply reply = new RecordedReply();
        timer.handle(envelope("a.os", "a:b:c", new TimerAction.SetTimer(-1).encode(), OptionalLong.of(-1)), reply);
        timer.close();
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, reply.outcome());
    }

    @Test
    void aTimerThatOutlastsItsRequestIsNotKept() {
        RecordedReply reply = new RecordedReply();
        timer.handle(envelope("a.os", "a:b:c", new TimerAction.SetTimer(HOUR).encode(), OptionalLong.of(5)), reply);
        timer.close();
        assertTrue(reply.isOpen());
    }

    @Test
    void debugPrintsAndDoesNotAnswer() {
        set("a:b:c", HOUR, new RecordedReply());
        RecordedReply reply = new RecordedReply();
        timer.handle(envelope("a.os", "a:b:c", new TimerAction.Debug().encode(), OptionalLong.of(5)), reply);
        assertTrue(reply.isOpen());
        assertEquals(List.of("1 timers run", "  1 for a.os@a:b:c"), printed.stream().map(Printout::text).toList());
    }

    @Test
    void whatIsNoTimerRequestIsPrintedAtVerbosityOne() {
        RecordedReply reply = new RecordedReply();
        timer.handle(envelope("a.os", "a:b:c", "soon".getBytes(UTF_8), OptionalLong.of(5)), reply);
        assertTrue(reply.isOpen());
        assertEquals(1, printed.getFirst().verbosity());
    }

    @Test
    void otherNodesAreNotServed() {
        RecordedReply reply = new RecordedReply();
        timer.handle(envelope("b.os", "a:b:c", new TimerAction.SetTimer(0).encode(), OptionalLong.of(5)), reply);
        timer.close();
        assertTrue(reply.isOpen());
    }
}
