package org.ashlar.transport.tcp;

import org.ashlar.api.net.Transport;
import org.ashlar.tck.TransportContract;
import org.junit.jupiter.api.AfterEach;

class TcpTransportTest extends TransportContract {
    private final TcpTransport transport = new TcpTransport();

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    @AfterEach
    protected void stop() {
        transport.stop();
    }
}
