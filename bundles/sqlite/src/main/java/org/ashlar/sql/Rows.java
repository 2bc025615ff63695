package org.ashlar.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ashlar.databases.Refusal;

/**
 * What a query found, as a JSON list with an object for each row (reference-modules 4.3): bytes as Base64; of columns with one
 * name the last counts; a number that JSON does not have (infinity) is null.
 */
final class Rows {
    /** Most rows, and most bytes of JSON, that are given at once. */
    static final int MAX_ROWS = 100_000;
    static final int MAX_BYTES = 32 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private Rows() { }

    static byte[] json(ResultSet result) throws SQLException, Refusal {
        int columns = result.getMetaData().getColumnCount();
        Map<String, Integer> names = new LinkedHashMap<>();
        for (int i = 1; i <= columns; i++) {
            names.put(result.getMetaData().getColumnLabel(i), i);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartArray();
            for (int rows = 0; result.next(); rows++) {
                json.writeStartObject();
                for (Map.Entry<String, Integer> column : names.entrySet()) {
                    json.writeFieldName(column.getKey());
                    value(json, result.getObject(column.getValue()));
                    // The generator itself holds back a few kilobytes at most. One row may have more than the heap has room for.
                    requireRoom(rows, bytes.size());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it goes into the heap
        }
        return bytes.toByteArray();
    }

    private static void requireRoom(int rows, long bytes) throws Refusal {
        if (rows >= MAX_ROWS || bytes > MAX_BYTES) {
            throw Refusal.because("there are more than " + MAX_ROWS + " rows or " + MAX_BYTES
                    + " bytes, the most that are given at once; ask for a part, with LIMIT");
        }
    }

    private static void value(JsonGenerator json, Object value) throws IOException, Refusal {
        switch (value) {
            case null -> json.writeNull();
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number when Double.isFinite(number) -> json.writeNumber(number);
            case Double infinite -> json.writeNull();
            case byte[] blob -> {
                requireRoom(0, blob.length);
                json.writeString(Base64.getEncoder().encodeToString(blob));
            }
            case Object text -> json.writeString(text.toString());
        }
    }
}
