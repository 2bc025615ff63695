package org.ashlar.wasi;

import java.util.List;

import org.ashlar.component.Result;

/**
 * {@code wasi:sockets}: everything links, nothing is granted. As no socket can be had, the methods of sockets are never
 * reached; they would refuse, too.
 */
final class SocketInterfaces {
    private static final int ACCESS_DENIED = 1;
    private static final int IPV4 = 0;
    private static final WasiFunction REFUSE = (_, _) -> Result.error(ACCESS_DENIED);

    private static final List<String> TCP_METHODS = List.of("start-bind", "finish-bind", "start-connect", "finish-connect",
            "start-listen", "finish-listen", "accept", "local-address", "remote-address", "set-listen-backlog-size",
            "keep-alive-enabled", "set-keep-alive-enabled", "keep-alive-idle-time", "set-keep-alive-idle-time",
            "keep-alive-interval", "set-keep-alive-interval", "keep-alive-count", "set-keep-alive-count", "hop-limit",
            "set-hop-limit", "receive-buffer-size", "set-receive-buffer-size", "send-buffer-size", "set-send-buffer-size",
            "shutdown");
    private static final List<String> UDP_METHODS = List.of("start-bind", "finish-bind", "stream", "local-address",
            "remote-address", "unicast-hop-limit", "set-unicast-hop-limit", "receive-buffer-size",
            "set-receive-buffer-size", "send-buffer-size", "set-send-buffer-size");

    private SocketInterfaces() {
    }

    static void define(Interfaces<?> interfaces) {
        interfaces.in("wasi:sockets/network").resource("network", Network.class).resource("error", IoError.class)
                .function("network-error-code", (_, _) -> java.util.Optional.empty());
        interfaces.in("wasi:sockets/instance-network").resource("network", Network.class)
                .function("instance-network", (wasi, _) -> wasi.grant(new Network()));
        Interfaces<?>.Interface lookup = interfaces.in("wasi:sockets/ip-name-lookup").resource("network", Network.class)
                .function("resolve-addresses", REFUSE);
        waiting(lookup, "resolve-address-stream", ResolveAddressStream.class, List.of("resolve-next-address"));
        defineTcp(interfaces);
        defineUdp(interfaces);
    }

    private static void defineTcp(Interfaces<?> interfaces) {
        Interfaces<?>.Interface tcp = interfaces.in("wasi:sockets/tcp").resource("network", Network.class)
                .resource("input-stream", GuestInput.class).resource("output-stream", GuestOutput.class);
        waiting(tcp, "tcp-socket", TcpSocket.class, TCP_METHODS);
        tcp.function("[method]tcp-socket.is-listening", (_, _) -> false)
                .function("[method]tcp-socket.address-family", (_, _) -> IPV4);
        interfaces.in("wasi:sockets/tcp-create-socket").resource("network", Network.class)
                .resource("tcp-socket", TcpSocket.class).function("create-tcp-socket", REFUSE);
    }

    private static void defineUdp(Interfaces<?> interfaces) {
        Interfaces<?>.Interface udp = interfaces.in("wasi:sockets/udp").resource("network", Network.class);
        waiting(udp, "udp-socket", UdpSocket.class, UDP_METHODS);
        udp.function("[method]udp-socket.address-family", (_, _) -> IPV4);
        waiting(udp, "incoming-datagram-stream", IncomingDatagrams.class, List.of("receive"));
        waiting(udp, "outgoing-datagram-stream", OutgoingDatagrams.class, List.of("check-send", "send"));
        interfaces.in("wasi:sockets/udp-create-socket").resource("network", Network.class)
                .resource("udp-socket", UdpSocket.class).function("create-udp-socket", REFUSE);
    }

    /** A resource that can be waited for, with methods that refuse. */
    private static void waiting(Interfaces<?>.Interface in, String resource, Class<?> type, List<String> methods) {
        in.resource("pollable", Pollable.class).resource(resource, type);
        methods.forEach(method -> in.function("[method]" + resource + "." + method, REFUSE));
        in.function("[method]" + resource + ".subscribe", (wasi, _) -> wasi.grant(Pollable.ready()));
    }

    /** The network, which a guest can name but not use. */
    private static final class Network {
    }

    /** Types that must exist for guests to link; none is ever handed out. */
    private enum ResolveAddressStream { }

    private enum TcpSocket { }

    private enum UdpSocket { }

    private enum IncomingDatagrams { }

    private enum OutgoingDatagrams { }
}
