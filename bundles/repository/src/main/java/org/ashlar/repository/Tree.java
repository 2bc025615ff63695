package org.ashlar.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The entries of one folder, in order of their names' bytes, none twice. */
final class Tree {
    /** Most entries of one folder that are read. */
    static final int MAX_NODES = 4_000_000;
    private static final int MAX_ATTRIBUTES = 10_000;
    /** Most chunks of one file: 24 TB at the average size. */
    private static final int MAX_CHUNKS = 16 << 20;

    private Tree() { }

    /** @param nodes in any order; @throws RepositoryException when two have one name */
    static byte[] write(List<Node> nodes) {
        List<Node> sorted = new ArrayList<>(nodes);
        sorted.sort(Comparator.comparing(Node::name));
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + 400 * sorted.size());
        try (JsonGenerator json = Document.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("nodes");
            String before = "";
            for (Node node : sorted) {
                if (node.name().equals(before)) {
                    throw new RepositoryException("Two entries of one folder are called \"" + node.display() + "\".");
                }
                before = node.name();
                write(json, node);
            }
            json.writeEndArray();
            json.writeEndObject();
            // As other programs write it: the digest is over these bytes, and equal folders shall have equal ones.
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Node node) throws IOException {
        Node.Meta meta = node.meta();
        json.writeStartObject();
        json.writeStringField("name", RawName.quote(node.name()));
        json.writeStringField("type", node.type().text);
        number(json, "mode", node.goMode());
        json.writeStringField("mtime", meta.modified().toString());
        json.writeStringField("atime", meta.accessed().toString());
        json.writeStringField("ctime", meta.changed().toString());
        json.writeNumberField("uid", meta.uid());
        json.writeNumberField("gid", meta.gid());
        text(json, "user", meta.user());
        text(json, "group", meta.group());
        number(json, "inode", meta.inode());
        number(json, "device_id", meta.deviceId());
        number(json, "size", node.size());
        number(json, "links", meta.links());
        if (!node.linkTarget().isEmpty()) {
            json.writeStringField("linktarget", RawName.display(node.linkTarget()));
            if (RawName.decode(node.linkTarget()).isEmpty()) {
                json.writeStringField("linktarget_raw", Base64.getEncoder().encodeToString(RawName.bytes(node.linkTarget())));
            }
        }
        if (!meta.attributes().isEmpty()) {
            json.writeArrayFieldStart("extended_attributes");
            for (Node.Attribute attribute : meta.attributes()) {
                json.writeStartObject();
                json.writeStringField("name", attribute.name());
                json.writeStringField("value", Base64.getEncoder().encodeToString(RawName.bytes(attribute.value())));
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        number(json, "device", node.device());
        if (node.type() == Node.Type.FILE) {
            json.writeArrayFieldStart("content");
            for (Id id : node.content()) {
                json.writeString(id.toString());
            }
            json.writeEndArray();
        } else {
            json.writeNullField("content");
        }
        if (node.subtree().isPresent()) {
            json.writeStringField("subtree", node.subtree().get().toString());
        }
        json.writeEndObject();
    }

    /** Unsigned; zero is left out. */
    private static void number(JsonGenerator json, String key, long value) throws IOException {
        if (value > 0) {
            json.writeNumberField(key, value);
        } else if (value < 0) {
            json.writeFieldName(key);
            json.writeNumber(Long.toUnsignedString(value));
        }
    }

    private static void text(JsonGenerator json, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(key, value);
        }
    }

    static List<Node> read(byte[] text) {
        List<Node> nodes = new ArrayList<>();
        try (JsonParser json = Document.FACTORY.createParser(text)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("nodes") && value == JsonToken.START_ARRAY) {
                    readNodes(json, nodes);
                } else {
                    json.skipChildren();
                }
            }
            expect(json.currentToken(), JsonToken.END_OBJECT);
            expect(json.nextToken(), null);
        } catch (IOException e) {
            throw new DamagedException("tree: no JSON that is read here: " + Text.shown(String.valueOf(e.getMessage())), e);
        }
        return nodes;
    }

    private static void readNodes(JsonParser json, List<Node> nodes) throws IOException {
        String before = "";
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.START_OBJECT);
            Node node = new Reader().read(json);
            if (node.name().compareTo(before) <= 0) {
                throw new DamagedException("tree: \"" + node.display() + "\" is out of order or there twice");
            }
            before = node.name();
            nodes.add(node);
            if (nodes.size() > MAX_NODES) {
                throw new DamagedException("tree: more than " + MAX_NODES + " entries");
            }
        }
    }

    private static void expect(JsonToken found, JsonToken expected) throws IOException {
        if (found != expected) {
            throw new IOException(found + " where " + expected + " was expected");
        }
    }

    /** Collects what one entry says. */
    private static final class Reader {
        private String name = "";
        private Node.Type type = Node.Type.OTHER;
        private int mode;
        private Stamp modified = Stamp.ZERO;
        private Stamp accessed = Stamp.ZERO;
        private Stamp changed = Stamp.ZERO;
        private long uid;
        private long gid;
        private String user = "";
        private String group = "";
        private long inode;
        private long deviceId;
        private long size;
        private long links;
        private String linkTarget = "";
        private Optional<String> rawTarget = Optional.empty();
        private List<Node.Attribute> attributes = List.of();
        private long device;
        private List<Id> content = List.of();
        private Optional<Id> subtree = Optional.empty();

        Node read(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.VALUE_NULL) {
                    continue;
                }
                field(json, key);
            }
            expect(json.currentToken(), JsonToken.END_OBJECT);
            return new Node(name, type, new Node.Meta(mode, modified, accessed, changed, uid, gid, user, group, inode, deviceId, links,
                    attributes), size, rawTarget.orElse(linkTarget), device, content, subtree);
        }

        private void field(JsonParser json, String key) throws IOException {
            switch (key) {
                case "name" -> name = RawName.unquote(text(json));
                case "type" -> type = Node.Type.parse(text(json));
                case "mode" -> mode = Node.mode(unsigned(json));
                case "mtime" -> modified = Stamp.parse(text(json));
                case "atime" -> accessed = Stamp.parse(text(json));
                case "ctime" -> changed = Stamp.parse(text(json));
                case "uid" -> uid = unsigned(json) & 0xffff_ffffL;
                case "gid" -> gid = unsigned(json) & 0xffff_ffffL;
                case "user" -> user = text(json);
                case "group" -> group = text(json);
                case "inode" -> inode = unsigned(json);
                case "device_id" -> deviceId = unsigned(json);
                case "size" -> size = unsigned(json) & Long.MAX_VALUE;
                case "links" -> links = unsigned(json);
                case "linktarget" -> linkTarget = RawName.encode(text(json));
                case "linktarget_raw" -> rawTarget = Optional.of(base64(json));
                case "extended_attributes" -> attributes = attributes(json);
                case "device" -> device = unsigned(json);
                case "content" -> content = ids(json);
                case "subtree" -> subtree = Optional.of(Id.parse(text(json)));
                default -> json.skipChildren();
            }
        }

        private static String text(JsonParser json) throws IOException {
            expect(json.currentToken(), JsonToken.VALUE_STRING);
            return json.getText();
        }

        private static long unsigned(JsonParser json) throws IOException {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
            if (json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return json.getLongValue();
            }
            BigInteger value = json.getBigIntegerValue();
            if (value.signum() < 0 || value.bitLength() > 64) {
                throw new IOException("a number that does not fit into 64 bits");
            }
            return value.longValue();
        }

        private static String base64(JsonParser json) throws IOException {
            try {
                return RawName.of(Base64.getDecoder().decode(text(json).getBytes(StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                throw new IOException("no base64", e);
            }
        }

        private static List<Id> ids(JsonParser json) throws IOException {
            expect(json.currentToken(), JsonToken.START_ARRAY);
            List<Id> ids = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                ids.add(Id.parse(text(json)));
                if (ids.size() > MAX_CHUNKS) {
                    throw new IOException("too many chunks");
                }
            }
            return ids;
        }

        private static List<Node.Attribute> attributes(JsonParser json) throws IOException {
            expect(json.currentToken(), JsonToken.START_ARRAY);
            List<Node.Attribute> attributes = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken(), JsonToken.START_OBJECT);
                String name = "";
                String value = "";
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String key = json.currentName();
                    json.nextToken();
                    switch (key) {
                        case "name" -> name = text(json);
                        case "value" -> value = json.currentToken() == JsonToken.VALUE_NULL ? "" : base64(json);
                        default -> json.skipChildren();
                    }
                }
                expect(json.currentToken(), JsonToken.END_OBJECT);
                attributes.add(new Node.Attribute(name, value));
                if (attributes.size() > MAX_ATTRIBUTES) {
                    throw new IOException("too many attributes");
                }
            }
            return attributes;
        }
    }
}
