package org.ashlar.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small JSON object: config, key, lock or snapshot. Keys that are not asked for are passed over: later versions of the
 * format add some. Anything wrong is a {@link DamagedException} that names {@code what}.
 */
final class Document {
    static final int MAX_DEPTH = 16;
    static final int MAX_NUMBER = 40;
    /** Longest list, and most keys, that are read. */
    static final int MAX_ITEMS = 100_000;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNumberLength(MAX_NUMBER)
                    .maxStringLength(64 << 20).maxNameLength(1000).build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final String what;
    private final Map<String, Object> values;

    private Document(String what, Map<String, Object> values) {
        this.what = what;
        this.values = values;
    }

    static Document parse(String what, byte[] text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new DamagedException(what + ": no JSON object");
            }
            Document document = new Document(what, object(parser));
            if (parser.nextToken() != null) {
                throw new DamagedException(what + ": something follows the JSON object");
            }
            return document;
        } catch (IOException e) {
            throw new DamagedException(what + ": no JSON that is read here: " + Text.shown(String.valueOf(e.getMessage())), e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                values.put(key, value);
            }
            if (values.size() > MAX_ITEMS) {
                throw new IOException("too many keys");
            }
        }
        return values;
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() == null || items.size() >= MAX_ITEMS) {
                        throw new IOException("a list without an end, or too long");
                    }
                    items.add(Optional.ofNullable(value(parser)));
                }
                yield items;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("ends too early");
        };
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> missing(key));
    }

    Optional<String> optionalText(String key) {
        return optional(key, String.class);
    }

    private <T> Optional<T> optional(String key, Class<T> type) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw new DamagedException(what + ": \"" + key + "\" is of the wrong type");
        }
        return Optional.ofNullable(value).map(type::cast);
    }

    private DamagedException missing(String key) {
        return new DamagedException(what + ": \"" + key + "\" is missing");
    }

    /** A whole number from {@code least} to {@code most}. */
    long number(String key, long least, long most) {
        return optionalNumber(key, least, most).orElseThrow(() -> missing(key));
    }

    Optional<Long> optionalNumber(String key, long least, long most) {
        return optional(key, java.math.BigInteger.class).map(value -> {
            if (value.bitLength() > 63 || value.longValue() < least || value.longValue() > most) {
                throw new DamagedException(what + ": \"" + key + "\" is " + value + ", not from " + least + " to " + most);
            }
            return value.longValue();
        });
    }

    boolean bool(String key) {
        return optional(key, Boolean.class).orElse(false);
    }

    Id id(String key) {
        return optionalId(key).orElseThrow(() -> missing(key));
    }

    Optional<Id> optionalId(String key) {
        return optionalText(key).filter(text -> !text.isEmpty()).map(Id::parse);
    }

    byte[] base64(String key) {
        try {
            return Base64.getDecoder().decode(text(key));
        } catch (IllegalArgumentException e) {
            throw new DamagedException(what + ": \"" + key + "\" is no base64", e);
        }
    }

    List<String> texts(String key) {
        return optional(key, List.class).map(items -> {
            List<String> texts = new ArrayList<>();
            for (Object item : items) {
                if (!(item instanceof Optional<?> value && value.orElse(null) instanceof String text)) {
                    throw new DamagedException(what + ": \"" + key + "\" holds something other than text");
                }
                texts.add(text);
            }
            return List.copyOf(texts);
        }).orElse(List.of());
    }

    Document object(String key) {
        @SuppressWarnings("unchecked")
        Map<String, Object> inner = optional(key, Map.class).orElseThrow(() -> missing(key));
        return new Document(what, inner);
    }

    /** Writes one JSON object. */
    static byte[] write(Writer writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            generator.writeStartObject();
            writer.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return out.toByteArray();
    }

    /** Writes the keys. */
    interface Writer {
        void write(JsonGenerator generator) throws IOException;
    }
}
