package org.ashlar.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** How JSON is written: the counterpart of {@link JsonValue}. */
final class JsonText {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonText() { }

    static byte[] utf8(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    /** {@code "Name"}: a variant that holds nothing. */
    static JsonNode unit(String name) {
        return NODES.textNode(name);
    }

    /** {@code {"Name": content}}. */
    static ObjectNode variant(String name, JsonNode content) {
        return object().set(name, content);
    }

    static ObjectNode variant(String name, Object text) {
        return object().put(name, text.toString());
    }

    static ArrayNode tuple(JsonNode... items) {
        ArrayNode tuple = NODES.arrayNode(items.length);
        for (JsonNode item : items) {
            tuple.add(item);
        }
        return tuple;
    }

    static <T> ArrayNode list(Collection<T> items, Function<? super T, JsonNode> writer) {
        ArrayNode list = NODES.arrayNode(items.size());
        items.forEach(item -> list.add(writer.apply(item)));
        return list;
    }

    static ArrayNode texts(Collection<?> items) {
        return list(items, JsonText::text);
    }

    static JsonNode text(Object value) {
        return NODES.textNode(value.toString());
    }

    static JsonNode bool(boolean value) {
        return NODES.booleanNode(value);
    }

    static JsonNode text(Optional<?> value) {
        return value.<JsonNode>map(JsonText::text).orElseGet(NODES::nullNode);
    }

    static <T> JsonNode optional(Optional<T> value, Function<? super T, JsonNode> writer) {
        return value.map(writer).orElseGet(NODES::nullNode);
    }

    static JsonNode u64(long value) {
        return value >= 0 ? NODES.numberNode(value) : NODES.numberNode(new BigInteger(Long.toUnsignedString(value)));
    }

    static JsonNode i64(long value) {
        return NODES.numberNode(value);
    }

    static JsonNode u64(OptionalLong value) {
        return value.isPresent() ? u64(value.getAsLong()) : NODES.nullNode();
    }

    /** Bytes as the specification has them, a list of numbers; as raw text, for a node for each would weigh 20 bytes. */
    static JsonNode bytes(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 4 + 2).append('[');
        for (int i = 0; i < bytes.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(bytes[i] & 0xff);
        }
        return NODES.rawValueNode(new RawValue(text.append(']').toString()));
    }
}
