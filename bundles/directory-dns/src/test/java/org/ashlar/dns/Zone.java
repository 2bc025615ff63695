package org.ashlar.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A name server on loopback, over UDP and, for what does not fit, TCP. */
final class Zone implements AutoCloseable {
    final Map<Name, List<Record>> records = new ConcurrentHashMap<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile int code = Rcode.NOERROR;
    volatile boolean silent;
    private final ServerSocket tcp;
    private final DatagramSocket udp;

    Zone() throws IOException {
        ServerSocket listener = null;
        DatagramSocket socket = null;
        while (socket == null) {
            listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
            try {
                socket = new DatagramSocket(listener.getLocalPort(), InetAddress.getLoopbackAddress());
            } catch (IOException taken) {
                listener.close();
            }
        }
        tcp = listener;
        udp = socket;
        Thread.ofPlatform().daemon().start(this::udp);
        Thread.ofPlatform().daemon().start(this::tcp);
    }

    String server() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    void add(Record record) {
        records.computeIfAbsent(record.getName(), name -> new CopyOnWriteArrayList<>()).add(record);
    }

    private Message answer(byte[] query) throws IOException {
        asked.incrementAndGet();
        Message asked = new Message(query);
        Message answer = new Message(asked.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(asked.getQuestion(), Section.QUESTION);
        List<Record> found = records.getOrDefault(asked.getQuestion().getName(), List.of());
        found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        answer.getHeader().setRcode(code == Rcode.NOERROR && found.isEmpty() ? Rcode.NXDOMAIN : code);
        return answer;
    }

    private void udp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
                udp.receive(packet);
                byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
                if (!silent) {
                    byte[] answer = answer(query).toWire(512);
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void tcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] answer = answer(in.readNBytes(in.readUnsignedShort())).toWire();
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                    out.flush();
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
