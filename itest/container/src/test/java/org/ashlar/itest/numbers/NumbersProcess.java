package org.ashlar.itest.numbers;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;

/** A system process as the guide has it: answers {@code ping N} with N, a little later, and hands back what it owes. */
public final class NumbersProcess implements SystemProcess {
    private static final long MILLIS = 20;

    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final Set<Reply> owed = ConcurrentHashMap.newKeySet();

    @Override
    public void handle(Envelope request, Reply reply) {
        String number = new String(request.message().body(), StandardCharsets.UTF_8).replace("ping ", "");
        owed.add(reply);
        later.schedule(() -> {
            owed.remove(reply);
            reply.respond(Response.of(number));
        }, MILLIS, TimeUnit.MILLISECONDS);
    }

    void close() {
        later.shutdownNow();
        owed.forEach(Reply::handBack);
    }
}
