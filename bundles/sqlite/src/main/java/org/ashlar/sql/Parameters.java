package org.ashlar.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseError.Plain;
import org.ashlar.databases.Refusal;

/**
 * The parameters of a statement: a blob with a JSON list (reference-modules 4.3). A number is a whole one where it fits into
 * 64 bits, else a floating-point one; true and false are 1 and 0; a text that is valid Base64 becomes bytes, any other
 * text. Who wants to be sure says {@code {"text": …}}, or {@code {"blob": …}} with Base64; these are not in the specification.
 *
 * @param values Long, Double, String, byte[] or null
 * @param weight bytes that they came in
 */
record Parameters(List<Object> values, long weight) {
    /** Longest list, in bytes of JSON. */
    static final int MAX_BYTES = 32 << 20;
    /** Most parameters: SQLite's own limit. */
    static final int MAX_COUNT = 32_766;
    private static final int MAX_DEPTH = 2;
    /** An object with one field has four; the list itself two. */
    private static final long MAX_TOKENS = 4L * MAX_COUNT + 2;
    private static final ObjectMapper JSON = mapper();

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
        mapper.getFactory().setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                .maxTokenCount(MAX_TOKENS).maxStringLength(MAX_BYTES).build());
        return mapper;
    }

    static Parameters of(Optional<Blob> blob) throws Refusal, IOException {
        if (blob.isEmpty()) {
            return new Parameters(List.of(), 0);
        }
        long length = blob.get().length();
        if (length > MAX_BYTES) {
            throw Refusal.because("the parameters have " + length + " bytes; at most " + MAX_BYTES + " are read");
        }
        return new Parameters(values(blob.get().bytes()), length);
    }

    private static List<Object> values(byte[] json) throws Refusal, IOException {
        JsonNode list;
        try {
            list = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new Refusal(Plain.INVALID_PARAMETERS);
        }
        if (!list.isArray() || list.size() > MAX_COUNT) {
            throw new Refusal(Plain.INVALID_PARAMETERS);
        }
        List<Object> values = new ArrayList<>(list.size());
        for (JsonNode value : list) {
            values.add(value(value));
        }
        return values;
    }

    private static Object value(JsonNode value) throws Refusal {
        return switch (value.getNodeType()) {
            case NULL -> null;
            case BOOLEAN -> value.booleanValue() ? 1L : 0L;
            case NUMBER -> number(value);
            case STRING -> guessed(value.textValue());
            case OBJECT -> typed(value);
            default -> throw new Refusal(Plain.INVALID_PARAMETERS);
        };
    }

    private static Object number(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return value.doubleValue();
    }

    private static Object guessed(String text) {
        return base64(text).<Object>map(bytes -> bytes).orElse(text);
    }

    /** Standard Base64 with its padding. The empty text is none: it stays a text. */
    private static Optional<byte[]> base64(String text) {
        if (text.isEmpty() || text.length() % 4 != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Object typed(JsonNode value) throws Refusal {
        JsonNode text = value.path("text");
        JsonNode bytes = value.path("blob");
        if (value.size() == 1 && text.isTextual()) {
            return text.textValue();
        }
        if (value.size() == 1 && bytes.isTextual()) {
            return bytes.textValue().isEmpty() ? new byte[0]
                    : base64(bytes.textValue()).orElseThrow(() -> new Refusal(Plain.INVALID_PARAMETERS));
        }
        throw new Refusal(Plain.INVALID_PARAMETERS);
    }

    /** Gives them to a statement. */
    void bind(PreparedStatement statement) throws SQLException, Refusal {
        if (statement.getParameterMetaData().getParameterCount() != values.size()) {
            throw new Refusal(new DatabaseError.SqlFailed("the statement has "
                    + statement.getParameterMetaData().getParameterCount() + " parameters, and " + values.size() + " were given"));
        }
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
