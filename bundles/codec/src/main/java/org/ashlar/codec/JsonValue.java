package org.ashlar.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ashlar.api.message.IdentifierException;

/**
 * A piece of JSON, and where it stands: every reader below names the place, what it found and what it expected.
 * Immutable. Readers throw {@link CodecException}.
 * <p>
 * Read as serde reads the specification's types: unknown keys are passed over, an absent optional key equals
 * {@code null}. Stricter in one point: a key given twice is refused, because readers differ on which one counts.
 */
public final class JsonValue {
    /** Deepest nesting that is read. */
    public static final int MAX_DEPTH = 64;
    /** Longest list or object that is read, byte lists aside; those are bounded by the length of the text. */
    public static final int MAX_ITEMS = 65_536;

    private static final int SHOWN = 80;
    private static final int MAX_NUMBER = 64;
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final ObjectMapper MAPPER = mapper();

    private final String where;
    private final JsonNode node;

    private JsonValue(String where, JsonNode node) {
        this.where = where;
        this.node = node;
    }

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        // String lengths are bounded by the length of the whole text, which is checked first.
        mapper.getFactory().setStreamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH).maxNumberLength(MAX_NUMBER).maxStringLength(Integer.MAX_VALUE).build());
        return mapper;
    }

    /**
     * Reads UTF-8 text.
     *
     * @param what     what is read, the beginning of every message: {@code kernel command}
     * @param text     the text; not trusted
     * @param maxBytes longest text that is read
     */
    public static JsonValue parse(String what, byte[] text, int maxBytes) {
        if (text.length > maxBytes) {
            throw new CodecException(what + ": " + text.length + " bytes of JSON; at most " + maxBytes + " are read");
        }
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw new CodecException(what + ": empty, expected JSON");
            }
            return new JsonValue(what, node);
        } catch (JsonProcessingException e) {
            throw new CodecException(what + ": " + shown(new String(text, 0, Math.min(text.length, SHOWN * 4),
                    StandardCharsets.UTF_8)) + " is no JSON that is read here: "
                    + firstLine(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new CodecException(what + ": no UTF-8 text: " + firstLine(e.getMessage()), e);
        }
    }

    /** Where this value stands, such as {@code kernel command.InitializeProcess.on_exit}. */
    public String where() {
        return where;
    }

    /** The value of a key that must be there. */
    public JsonValue field(String key) {
        return optional(key).orElseThrow(() -> new CodecException(where + ": the key \"" + key + "\" is missing in "
                + shown(node.toString())));
    }

    /** The value of a key; absent and {@code null} are the same. */
    public Optional<JsonValue> optional(String key) {
        JsonNode value = expect(node.isObject(), "an object").get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(new JsonValue(where + '.' + key, value));
    }

    /** The value of a key that must be there but may be {@code null}. */
    public JsonValue nullable(String key) {
        JsonNode value = expect(node.isObject(), "an object").get(key);
        if (value == null) {
            throw new CodecException(where + ": the key \"" + key + "\" is missing in " + shown(node.toString()));
        }
        return new JsonValue(where + '.' + key, value);
    }

    public boolean isNull() {
        return node.isNull();
    }

    public boolean isObject() {
        return node.isObject();
    }

    public boolean isArray() {
        return node.isArray();
    }

    public boolean isText() {
        return node.isTextual();
    }

    public String text() {
        return expect(node.isTextual(), "a string").textValue();
    }

    public boolean bool() {
        return expect(node.isBoolean(), "true or false").booleanValue();
    }

    /** An unsigned 64-bit number. */
    public long u64() {
        boolean fits = node.isIntegralNumber() && node.bigIntegerValue().signum() >= 0
                && node.bigIntegerValue().compareTo(MAX_U64) <= 0;
        return expect(fits, "a whole number from 0 to 2^64-1").bigIntegerValue().longValue();
    }

    /** A signed 64-bit number. */
    public long i64() {
        return expect(node.isIntegralNumber() && node.canConvertToLong(), "a whole number from -2^63 to 2^63-1").longValue();
    }

    /** An unsigned 32-bit number. */
    public long u32() {
        boolean fits = node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0
                && node.longValue() <= 0xffff_ffffL;
        return expect(fits, "a whole number from 0 to 2^32-1").longValue();
    }

    /** A list of numbers from 0 to 255. */
    public byte[] bytes() {
        expect(node.isArray(), "a list of bytes");
        byte[] bytes = new byte[node.size()];
        for (int i = 0; i < bytes.length; i++) {
            JsonNode item = node.get(i);
            if (!item.isInt() || item.intValue() < 0 || item.intValue() > 255) {
                throw new JsonValue(where + '[' + i + ']', item).refused("a byte, 0 to 255");
            }
            bytes[i] = (byte) item.intValue();
        }
        return bytes;
    }

    /** The items of a list, at most {@link #MAX_ITEMS}, each read by {@code reader}. */
    public <T> List<T> list(Function<JsonValue, T> reader) {
        expect(node.isArray(), "a list");
        counted();
        List<T> items = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(reader.apply(new JsonValue(where + '[' + i + ']', node.get(i))));
        }
        return List.copyOf(items);
    }

    /** The items of a list that has exactly {@code count}. */
    public List<JsonValue> tuple(int count) {
        expect(node.isArray() && node.size() == count, "a list of " + count);
        return list(Function.identity());
    }

    /** The keys and values of an object, at most {@link #MAX_ITEMS}, in the order of the text. */
    public Map<String, JsonValue> entries() {
        expect(node.isObject(), "an object");
        counted();
        Map<String, JsonValue> entries = new LinkedHashMap<>();
        node.properties().forEach(e -> entries.put(e.getKey(), new JsonValue(where + '.' + e.getKey(), e.getValue())));
        return entries;
    }

    /** An externally tagged variant: {@code "Name"} or {@code {"Name": content}}. */
    public Variant variant() {
        if (node.isTextual()) {
            return new Variant(this, node.textValue(), new JsonValue(where, MissingNode.getInstance()));
        }
        expect(node.isObject() && node.size() == 1, "\"Name\" or {\"Name\": …}");
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        return new Variant(this, only.getKey(), new JsonValue(where + '.' + only.getKey(), only.getValue()));
    }

    /** Text turned into a value by {@code parser}, whose complaint becomes this value's. */
    public <T> T identifier(Function<String, T> parser) {
        String text = text();
        return identified(() -> parser.apply(text));
    }

    <T> T identified(Supplier<T> identifier) {
        try {
            return identifier.get();
        } catch (IdentifierException e) {
            throw new CodecException(where + ": " + e.getMessage(), e);
        }
    }

    /** The exception that says that this is not {@code expected}. */
    public CodecException refused(String expected) {
        return new CodecException(where + ": found " + (node.isMissingNode() ? "nothing" : shown(node.toString()))
                + ", expected " + expected);
    }

    /** This value as JSON text without white space, its keys in the order given. */
    public String json() {
        return node.toString();
    }

    JsonNode node() {
        return node;
    }

    private JsonNode expect(boolean holds, String expected) {
        if (!holds) {
            throw refused(expected);
        }
        return node;
    }

    private void counted() {
        if (node.size() > MAX_ITEMS) {
            throw new CodecException(where + ": " + node.size() + " items; at most " + MAX_ITEMS + " are read");
        }
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private static String firstLine(String text) {
        return text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
    }

    /**
     * A variant of an enumeration.
     *
     * @param whole   the value it was read from
     * @param name    its name
     * @param content what it holds
     */
    public record Variant(JsonValue whole, String name, JsonValue content) {
        /** Checks that this variant holds nothing, and gives {@code value}. */
        public <T> T unit(T value) {
            if (!content.node.isMissingNode() && !content.node.isNull()) {
                throw content.refused("nothing inside " + name);
            }
            return value;
        }

        /** The exception for a name that is none of {@code names}. */
        public CodecException unknown(String... names) {
            return new CodecException(whole.where + ": found \"" + shown(name) + "\", expected one of "
                    + String.join(", ", names));
        }
    }
}
