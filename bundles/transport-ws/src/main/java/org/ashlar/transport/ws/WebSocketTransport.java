package org.ashlar.transport.ws;

import org.ashlar.api.net.Transport;
import org.ashlar.sockets.SocketTransport;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * WebSockets without TLS: what nodes carry over them is encrypted already. Any path is taken, as the specification does.
 * <p>
 * Life cycle: when it is deactivated, all its links and listeners end.
 */
@Component(service = Transport.class)
public final class WebSocketTransport extends SocketTransport {
    public WebSocketTransport() {
        super("ws", WebSocketLink::new);
    }

    @Override
    public boolean keepsPieces() {
        return true;
    }

    @Deactivate
    @Override
    protected void stop() {
        super.stop();
    }
}
