package org.ashlar.lan;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The multicast group 224.0.0.251 on some of the machine's network interfaces; other programs of the machine may be in it, too.
 * {@link #send} and {@link #joinNew} are for one thread at a time, {@link #receive} for another. Blocks: for platform threads.
 */
final class Group implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);
    private static final byte[] ADDRESS = {(byte) 224, 0, 0, (byte) 251};
    /** Packets that have crossed a router are not heeded elsewhere (RFC 6762, 11). */
    private static final int HOPS = 255;

    private final Optional<String> only;
    private final InetSocketAddress to;
    private final DatagramChannel channel;
    private final Set<String> joined = new HashSet<>();
    private volatile List<NetworkInterface> interfaces = List.of();

    /** A packet and who sent it. */
    record Packet(byte[] bytes, InetAddress source) { }

    /** @param only the name or an address of the one interface to use; empty: all that can multicast, but for loopback */
    Group(Optional<String> only, int port) throws IOException {
        this.only = only;
        to = new InetSocketAddress(InetAddress.getByAddress(ADDRESS), port);
        channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
            channel.bind(new InetSocketAddress(port));
            joinNew();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private List<NetworkInterface> wanted() throws IOException {
        if (only.isPresent()) {
            NetworkInterface named = NetworkInterface.getByName(only.get());
            NetworkInterface one = named != null ? named : NetworkInterface.getByInetAddress(InetAddress.getByName(only.get()));
            if (one == null) {
                throw new IOException("this machine has no network interface " + only.get());
            }
            return List.of(one);
        }
        List<NetworkInterface> wanted = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp() && each.supportsMulticast() && !each.isLoopback()
                    && each.inetAddresses().anyMatch(Inet4Address.class::isInstance)) {
                wanted.add(each);
            }
        }
        return wanted;
    }

    /** Joins on interfaces that have come since. */
    void joinNew() throws IOException {
        List<NetworkInterface> wanted = wanted();
        List<NetworkInterface> usable = new ArrayList<>();
        for (NetworkInterface each : wanted) {
            try {
                if (joined.add(each.getName())) {
                    channel.join(to.getAddress(), each);
                }
                usable.add(each);
            } catch (IOException e) {
                joined.remove(each.getName());
                LOG.debug("no multicast over {}", each.getName(), e);
            }
        }
        joined.retainAll(usable.stream().map(NetworkInterface::getName).toList());
        interfaces = List.copyOf(usable);
    }

    /** Whether only this machine hears what is sent. */
    boolean isLoopback() {
        return interfaces.stream().allMatch(each -> each.inetAddresses().allMatch(InetAddress::isLoopbackAddress));
    }

    /** Sends over all interfaces; those over which it cannot be sent are passed over. */
    void send(byte[] packet) {
        for (NetworkInterface each : interfaces) {
            try {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, each);
                channel.send(ByteBuffer.wrap(packet), to);
            } catch (IOException e) {
                LOG.debug("nothing can be sent over {}", each.getName(), e);
            }
        }
    }

    /** Waits for the next packet from one of the networks; longer ones than {@link Records#MAX_PACKET} are cut. */
    Packet receive() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Records.MAX_PACKET);
        while (true) {
            buffer.clear();
            InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
            if (isNear(from.getAddress())) {
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                return new Packet(bytes, from.getAddress());
            }
        }
    }

    private boolean isNear(InetAddress source) {
        return interfaces.stream().flatMap(each -> each.getInterfaceAddresses().stream()).anyMatch(mine -> sameNetwork(mine, source));
    }

    static boolean sameNetwork(InterfaceAddress mine, InetAddress other) {
        return sameNetwork(mine.getAddress().getAddress(), other.getAddress(), mine.getNetworkPrefixLength());
    }

    static boolean sameNetwork(byte[] mine, byte[] other, int prefix) {
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing", e);
        }
    }
}
