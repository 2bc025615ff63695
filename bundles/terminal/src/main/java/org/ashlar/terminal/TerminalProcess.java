package org.ashlar.terminal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Printout;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The system process in whose name the commands speak. What it is sent it shows to the person at the terminal, as a line
 * that the sender printed, and answers with an empty body.
 */
@Component(property = {SystemProcess.ID + "=terminal:terminal:sys", SystemProcess.PUBLIC + ":Boolean=true"})
public final class TerminalProcess implements SystemProcess {
    private final PrintHub prints;

    @Activate
    public TerminalProcess(@Reference PrintHub prints) {
        this.prints = prints;
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        String text = new String(request.message().body(), StandardCharsets.UTF_8);
        prints.print(new Printout(Instant.now(), request.source().process(), 0, text));
        reply.respond(Response.of(""));
    }
}
