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
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Answers {@code ping N}, {@code keep N} and N with N, a little later, and hands back what it owes. */
@Component(property = {"ashlar.process=numbers:itest:sys", "ashlar.process.public:Boolean=true"})
public final class NumbersProcess implements SystemProcess {
    private static final long MILLIS = 20;

    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final Set<Reply> owed = ConcurrentHashMap.newKeySet();

    @Override
    public void handle(Envelope request, Reply reply) {
        String body = new String(request.message().body(), StandardCharsets.UTF_8);
        String number = body.substring(body.lastIndexOf(' ') + 1);
        owed.add(reply);
        later.schedule(() -> {
            owed.remove(reply);
            reply.respond(Response.of(number));
        }, MILLIS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void close() {
        later.shutdownNow();
        owed.forEach(Reply::handBack);
    }
}
