package org.ashlar.bench.driver;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.ashlar.api.message.OnExit;

/**
 * The heap that waiting guests take: shipped echoes of one kind, each having answered once.
 * <p>
 * Numbers: guests. Series, of one value: {@code heap} bytes a guest, used after collection less what was used before;
 * {@code total} bytes in use; {@code started} seconds from the first until all had answered. It leaves the guests: the node
 * has served its purpose.
 */
final class ParkedMemory implements Measurement {
    private static final int AT_ONCE = 500;

    private final byte[] echo;

    /** @param echo the component of all guests, which answers a Request and waits for the next */
    ParkedMemory(byte[] echo) {
        this.echo = echo;
    }

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        guests.start("first", echo, OnExit.NONE); // what they all share is no part of the price of one
        long before = Memory.heapAfterCollection();
        long begun = System.nanoTime();
        askAll(guests, numbers[0]);
        long started = System.nanoTime() - begun;
        long used = Memory.heapAfterCollection();
        return new Figures().add("heap", (double) (used - before) / numbers[0]).add("total", used).add("started", started / 1e9);
    }

    private void askAll(Guests guests, long count) {
        Queue<CompletionStage<byte[]>> open = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            if (open.size() == AT_ONCE) {
                Guests.await(open.remove());
            }
            open.add(guests.starting("echo-" + i, echo, OnExit.NONE).thenCompose(address -> guests.ask(address, "hello")));
        }
        open.forEach(Guests::await);
    }
}
