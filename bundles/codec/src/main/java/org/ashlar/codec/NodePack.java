package org.ashlar.codec;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.msgpack.core.MessagePacker;

/** The MessagePack forms of what is known of nodes (reference-modules 1.4). */
final class NodePack {
    /** Most ports, routers or addresses of one node that are read. */
    static final int MAX = 64;

    private static final int MAX_PORT = 65_535;
    private static final List<String> UPDATE = List.of("name", "public_key", "ips", "ports", "routers");
    private static final List<String> RECORD = List.of("name", "networking_key", "routing");
    private static final List<String> ROUTES = List.of("Routers", "Direct", "Both");
    private static final List<String> BOTH = List.of("ip", "ports", "routers");
    private static final int DIRECT = 2;

    private NodePack() { }

    static NodeUpdate update(PackReader in) {
        var read = new Object() {
            String name;
            String key;
            List<String> ips;
            SortedMap<String, Integer> ports;
            List<String> routers;
        };
        in.struct("KnsUpdate", UPDATE, PackReader.optionalFields(), field -> {
            switch (field) {
                case 0 -> read.name = in.nodeName("name");
                case 1 -> read.key = in.text("public_key");
                case 2 -> read.ips = in.list("ips", MAX, () -> in.text("ip"));
                case 3 -> read.ports = ports(in);
                default -> read.routers = routers(in);
            }
        });
        return new NodeUpdate(read.name, read.key, read.ips, read.ports, read.routers);
    }

    static void write(MessagePacker out, NodeUpdate update) throws IOException {
        out.packArrayHeader(UPDATE.size()).packString(update.name()).packString(update.key());
        PackWriter.texts(out, update.ips());
        ports(out, update.ports());
        PackWriter.texts(out, update.routers());
    }

    static NodeRecord record(PackReader in) {
        var read = new Object() {
            String name;
            String key;
            NodeRoute route;
        };
        in.struct("Identity", RECORD, PackReader.optionalFields(), field -> {
            switch (field) {
                case 0 -> read.name = in.nodeName("name");
                case 1 -> read.key = in.text("networking_key");
                default -> read.route = route(in);
            }
        });
        return new NodeRecord(read.name, read.key, read.route);
    }

    private static NodeRoute route(PackReader in) {
        return switch (in.variant("routing", ROUTES)) {
            case 0 -> new NodeRoute.Routers(routers(in));
            case 1 -> {
                NodeRoute.Both read = both(in, BOTH.subList(0, DIRECT));
                yield new NodeRoute.Direct(read.ip(), read.ports());
            }
            default -> both(in, BOTH);
        };
    }

    private static NodeRoute.Both both(PackReader in, List<String> fields) {
        var read = new Object() {
            String ip;
            SortedMap<String, Integer> ports = new TreeMap<>();
            List<String> routers = List.of();
        };
        in.struct("routing", fields, PackReader.optionalFields(), field -> {
            switch (field) {
                case 0 -> read.ip = in.text("ip");
                case 1 -> read.ports = ports(in);
                default -> read.routers = routers(in);
            }
        });
        return new NodeRoute.Both(read.ip, read.ports, read.routers);
    }

    static void write(MessagePacker out, NodeRecord record) throws IOException {
        out.packArrayHeader(RECORD.size()).packString(record.name()).packString(record.key()).packMapHeader(1);
        switch (record.route()) {
            case NodeRoute.Routers(List<String> routers) -> PackWriter.texts(out.packString("Routers"), routers);
            case NodeRoute.Direct(String ip, SortedMap<String, Integer> ports) ->
                    ports(out.packString("Direct").packArrayHeader(DIRECT).packString(ip), ports);
            case NodeRoute.Both(String ip, SortedMap<String, Integer> ports, List<String> routers) -> {
                ports(out.packString("Both").packArrayHeader(BOTH.size()).packString(ip), ports);
                PackWriter.texts(out, routers);
            }
        }
    }

    private static List<String> routers(PackReader in) {
        return in.list("routers", MAX, () -> in.nodeName("router"));
    }

    private static SortedMap<String, Integer> ports(PackReader in) {
        return in.map("ports", MAX, () -> in.number("port", MAX_PORT));
    }

    private static void ports(MessagePacker out, SortedMap<String, Integer> ports) throws IOException {
        out.packMapHeader(ports.size());
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            out.packString(port.getKey()).packInt(port.getValue());
        }
    }
}
