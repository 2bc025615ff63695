package org.ashlar.terminal;

import java.io.IOException;
import java.time.Duration;

/** How far a transfer is, on one line of a terminal that is written over; nothing elsewhere. */
final class Progress {
    private static final String BACK = "\r\u001b[K";
    private static final long BETWEEN = 200_000_000L;
    private static final double SECOND = 1e9;

    private final Session session;
    private final long total;
    private final long began = System.nanoTime();
    private long shown = began;

    Progress(Session session, long total) {
        this.session = session;
        this.total = total;
    }

    /** So many bytes are done. @throws IOException when nobody waits for the rest: who pressed Ctrl+C wants no file */
    void at(long done) throws IOException, InterruptedException {
        if (!session.pause(Duration.ZERO)) {
            throw new IOException("the client went away before all was there");
        }
        long now = System.nanoTime();
        if (session.screen().terminal() && now - shown > BETWEEN) {
            shown = now;
            session.error(BACK + percent(done) + " %  " + Sizes.human(done) + " of " + Sizes.human(total) + "  "
                    + Sizes.human(Math.round(done / ((now - began) / SECOND))) + "/s");
        }
    }

    private long percent(long done) {
        return total == 0 ? 100 : Math.min(100, done * 100 / total);
    }

    /** Takes the line away again. */
    void end() throws IOException {
        if (shown != began) {
            session.error(BACK);
        }
    }
}
