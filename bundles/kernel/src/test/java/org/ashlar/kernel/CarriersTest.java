package org.ashlar.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is made ready runs, and nobody waits for ever behind somebody else. */
@Timeout(60)
class CarriersTest {
    private Carriers carriers;

    @AfterEach
    void close() {
        carriers.close();
    }

    private void open(int count) {
        carriers = Carriers.open(count).orElseThrow();
    }

    /** One message at a time in each direction, as between two guests. */
    private static final class Side {
        final Queue<Integer> mail = new ConcurrentLinkedQueue<>();
        volatile Thread owner;

        int take() {
            Integer message = mail.poll();
            while (message == null) {
                LockSupport.park();
                message = mail.poll();
            }
            return message;
        }

        void put(int message) {
            mail.add(message);
            LockSupport.unpark(owner);
        }
    }

    private void pair(int rounds, AtomicInteger finished, CountDownLatch done) {
        Side asked = new Side();
        Side asking = new Side();
        asked.owner = carriers.start("asked", () -> {
            for (int i = 0; i < rounds; i++) {
                asking.put(asked.take() + 1);
            }
        });
        asking.owner = carriers.start("asking", () -> {
            asking.owner = Thread.currentThread();
            for (int i = 0; i < rounds; i++) {
                asked.put(i);
                if (asking.take() != i + 1) {
                    return;
                }
            }
            finished.incrementAndGet();
            done.countDown();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void noMessageBetweenManyPairsIsLeftLying(int count) throws InterruptedException {
        open(count);
        int pairs = 60;
        AtomicInteger finished = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(pairs);
        for (int i = 0; i < pairs; i++) {
            pair(3_000, finished, done);
        }
        assertTrue(done.await(50, TimeUnit.SECONDS), finished + " of " + pairs);
        assertEquals(pairs, finished.get());
    }

    /** With pauses in which all carriers fall asleep: from outside, by timers, and after one another. */
    @Test
    void carriersThatSleepAreWokenByWhateverComes() throws InterruptedException {
        open(2);
        for (int round = 0; round < 300; round++) {
            Side inner = new Side();
            CountDownLatch done = new CountDownLatch(2);
            inner.owner = carriers.start("inner", () -> {
                inner.take();
                done.countDown();
            });
            boolean timed = round % 2 == 0;
            Thread outer = carriers.start("outer", () -> {
                if (timed) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
                } else {
                    LockSupport.park();
                }
                inner.put(1);
                done.countDown();
            });
            if (!timed) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000));
                LockSupport.unpark(outer);
            }
            assertTrue(done.await(10, TimeUnit.SECONDS), "round " + round);
        }
    }

    @Test
    void oneThatWasWokenDoesNotWaitForItsWakerToFinishComputing() throws InterruptedException {
        open(2);
        for (int round = 0; round < 50; round++) {
            Side woken = new Side();
            AtomicBoolean ran = new AtomicBoolean();
            woken.owner = carriers.start("woken", () -> {
                woken.take();
                ran.set(true);
            });
            carriers.start("computing", () -> {
                woken.put(1);
                while (!ran.get()) { // for ever, unless another carrier runs it
                    Thread.onSpinWait();
                }
            }).join();
        }
    }

    @Test
    void twoThatChatLetAThirdHaveItsTurnOnTheOnlyCarrier() throws InterruptedException {
        open(1);
        AtomicInteger finished = new AtomicInteger();
        CountDownLatch chatted = new CountDownLatch(1);
        CountDownLatch third = new CountDownLatch(1);
        pair(2_000_000, finished, chatted);
        carriers.start("third", () -> {
            for (int i = 0; i < 100; i++) {
                carriers.giveWay();
            }
            third.countDown();
        });
        assertTrue(third.await(30, TimeUnit.SECONDS));
        assertEquals(1, chatted.getCount(), "the two had finished before the third had its turns");
        chatted.await();
    }

    /** In the middle of 21 attempts: the machine may do something else between the count and the message. */
    @Test
    void whatComesFromOutsideWaitsForFewTurnsOfTwoThatChat() throws InterruptedException {
        open(1);
        AtomicInteger turns = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Side one = new Side();
        Side other = new Side();
        one.owner = carriers.start("one", () -> chat(one, other, turns, over));
        other.owner = carriers.start("other", () -> chat(other, one, turns, over));
        one.put(0);
        List<Integer> waits = waitsOfAnOutsider(turns);
        over.set(true);
        assertTrue(waits.get(10) < 300, waits.toString());
    }

    /** Fifty are ready again as soon as they have given way; in the middle of 21 attempts. */
    @Test
    void whatComesFromOutsideWaitsForFewOfThoseThatAreAlwaysReady() throws InterruptedException {
        open(1);
        AtomicInteger turns = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < 50; i++) {
            carriers.start("busy", () -> {
                while (!over.get()) {
                    spin();
                    turns.incrementAndGet();
                    carriers.giveWay();
                }
            });
        }
        List<Integer> waits = waitsOfAnOutsider(turns);
        over.set(true);
        assertTrue(waits.get(10) < 12, waits.toString());
    }

    /** How many turns others had before one that was woken from outside ran; 21 times, sorted. */
    private List<Integer> waitsOfAnOutsider(AtomicInteger turns) throws InterruptedException {
        Side outsider = new Side();
        Queue<Integer> ran = new ConcurrentLinkedQueue<>();
        outsider.owner = carriers.start("outsider", () -> {
            for (int i = 0; i < 21; i++) {
                outsider.take();
                ran.add(turns.get());
            }
        });
        List<Integer> waits = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            TimeUnit.MILLISECONDS.sleep(5 + i); // at another moment of the turns each time
            int sent = turns.get();
            outsider.put(i);
            TestNode.await("it ran", () -> !ran.isEmpty());
            waits.add(ran.poll() - sent);
        }
        waits.sort(null);
        return waits;
    }

    private static void spin() {
        long until = System.nanoTime() + 20_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static void chat(Side own, Side peer, AtomicInteger turns, AtomicBoolean over) {
        while (!over.get()) {
            int message = own.take();
            spin();
            turns.incrementAndGet();
            peer.put(message);
        }
    }

    @Test
    void whoGivesWayLetsTheOthersOfItsCarrierGoFirst() throws InterruptedException {
        open(1);
        List<String> order = new ArrayList<>();
        Thread first = carriers.start("first", () -> {
            Thread second = carriers.start("second", () -> order.add("second"));
            carriers.giveWay();
            order.add("first");
            assertFalse(second.isAlive());
        });
        first.join();
        assertEquals(List.of("second", "first"), order);
    }

    @Test
    void whoGivesWayToNobodyGoesOnAtOnce() throws Exception {
        open(2);
        FutureTask<Integer> runs = new FutureTask<>(() -> {
            int before = threads().mapToInt(Carrier::runs).sum();
            carriers.giveWay();
            return threads().mapToInt(Carrier::runs).sum() - before;
        });
        carriers.start("alone", runs);
        assertEquals(0, runs.get(), "no carrier took anything up meanwhile");
    }

    @Test
    void carriersEndAfterTheLastThatTheyCarry() throws InterruptedException {
        open(2);
        Side late = new Side();
        late.owner = carriers.start("late", late::take);
        carriers.close();
        TimeUnit.MILLISECONDS.sleep(20);
        assertTrue(threads().findAny().isPresent(), "one of their threads still waits");
        late.put(1);
        late.owner.join();
        TestNode.await("the carriers are gone", () -> threads().findAny().isEmpty());
    }

    private Stream<Carrier> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Carrier.class::isInstance).map(Carrier.class::cast)
                .filter(each -> each.belongsTo(carriers));
    }

    @Test
    void whatAGuestBringsRunsNextToItAndWhatOthersBringElsewhere() throws Exception {
        open(2);
        List<Runnable> elsewhere = new ArrayList<>();
        Executor executor = carriers.besideGuests(elsewhere::add);
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean isVirtual = new AtomicBoolean();
        carriers.start("guest", () -> executor.execute(() -> {
            isVirtual.set(Thread.currentThread().isVirtual());
            done.countDown();
        }));
        assertTrue(done.await(60, TimeUnit.SECONDS));
        assertTrue(isVirtual.get());
        assertEquals(List.of(), elsewhere);
        executor.execute(done::countDown);
        assertEquals(1, elsewhere.size());
    }
}
