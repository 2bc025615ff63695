package org.ashlar.terminal;

import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ashlar.api.process.PrintSink;
import org.ashlar.api.process.Printout;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what processes print to the log and to the people who watch. The printing thread only queues: who prints faster
 * than this writes loses lines, which are counted and reported, and slows nobody.
 */
@Component(service = {PrintSink.class, PrintHub.class})
public final class PrintHub implements PrintSink {
    /** Most printouts that wait to be written. */
    static final int MAX_WAITING = 4096;
    /** Longest text shown of one printout, in characters; the rest is cut. */
    static final int MAX_TEXT = 16 * 1024;
    /** Most printouts that wait for one person who watches. */
    static final int MAX_WATCHER_WAITING = 1024;
    private static final Logger LOG = LoggerFactory.getLogger("print");

    private final BlockingQueue<Printout> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final Verbosity verbosity = new Verbosity();
    private final Set<BlockingQueue<Printout>> watchers = ConcurrentHashMap.newKeySet();
    private final Thread writer = Thread.ofPlatform().daemon().name("terminal-prints").unstarted(this::write);

    @Activate
    void activate() {
        writer.start();
    }

    @Deactivate
    void deactivate() {
        writer.interrupt();
    }

    @Override
    public void print(Printout printout) {
        if (!waiting.offer(cut(printout))) {
            lost.incrementAndGet();
        }
    }

    /**
     * Cut before it waits, not after: one may be as long as a message, and thousands may wait. What the kernel puts before
     * the text of a guest ({@code package:publisher: }) is taken off: the source is shown in full.
     */
    private static Printout cut(Printout printout) {
        String prefix = printout.source().packageId() + ": ";
        String text = printout.text().startsWith(prefix) ? printout.text().substring(prefix.length()) : printout.text();
        return new Printout(printout.time(), printout.source(), printout.verbosity(),
                text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…");
    }

    /** Which printouts are shown, in the log and to those who watch. */
    Verbosity verbosity() {
        return verbosity;
    }

    /** What is shown from now on, until {@link #unwatch}. */
    BlockingQueue<Printout> watch() {
        BlockingQueue<Printout> queue = new ArrayBlockingQueue<>(MAX_WATCHER_WAITING);
        watchers.add(queue);
        return queue;
    }

    void unwatch(BlockingQueue<Printout> queue) {
        watchers.remove(queue);
    }

    private void write() {
        try {
            while (true) {
                write(waiting.take());
                long missed = lost.getAndSet(0);
                if (missed > 0) {
                    LOG.warn("{} printouts were lost: processes printed faster than they can be written", missed);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Printout printout) {
        boolean shown = verbosity.shows(printout);
        printout.text().lines().forEach(line -> log(shown, printout, Printable.line(line)));
        if (shown) {
            watchers.forEach(queue -> queue.offer(printout));
        }
    }

    private static void log(boolean shown, Printout printout, String line) {
        if (shown) {
            LOG.info("{}: {}", printout.source(), line);
        } else {
            LOG.debug("{}: {}", printout.source(), line);
        }
    }
}
