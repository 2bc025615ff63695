package org.ashlar.itest.hello;

import java.nio.charset.StandardCharsets;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;

/** A system process as somebody else would write one. */
public final class HelloProcess implements SystemProcess {
    @Override
    public void handle(Envelope request, Reply reply) {
        reply.respond(Response.of("hello, " + new String(request.message().body(), StandardCharsets.UTF_8)));
    }
}
