package org.ashlar.transport.tcp;

import org.ashlar.api.net.Transport;
import org.ashlar.sockets.SocketTransport;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Plain TCP sockets.
 * <p>
 * Life cycle: when it is deactivated, all its links and listeners end.
 */
@Component(service = Transport.class)
public final class TcpTransport extends SocketTransport {
    public TcpTransport() {
        super("tcp", (socket, connecting, closed) -> new TcpLink(socket, closed));
    }

    @Override
    public boolean keepsPieces() {
        return false;
    }

    @Deactivate
    @Override
    protected void stop() {
        super.stop();
    }
}
