package org.ashlar.backup.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.ObjLongConsumer;
import org.ashlar.http.Bounded;

/**
 * Reads what a server lists: an array of {@code {"name": …, "size": …}}, the protocol's second version. Object after object, so that a
 * listing takes no memory; of at most {@link #MAX_BYTES}.
 */
final class RestListing {
    /** Some five million objects. */
    static final long MAX_BYTES = 512L << 20;
    private static final int MAX_TEXT = 1000;
    private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(8).maxStringLength(MAX_TEXT).maxNameLength(MAX_TEXT).maxNumberLength(20).build()).build();

    private RestListing() { }

    /** @param each gets name and size. @throws IOException when it is no listing, or too long */
    static void read(InputStream in, long limit, ObjLongConsumer<String> each) throws IOException {
        try (JsonParser json = JSON.createParser(new Bounded(in, limit))) {
            require(json.nextToken() == JsonToken.START_ARRAY);
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                require(token == JsonToken.START_OBJECT);
                object(json, each);
            }
        } catch (JsonProcessingException e) {
            throw new IOException("the server's list of files cannot be read", e);
        }
    }

    private static void object(JsonParser json, ObjLongConsumer<String> each) throws IOException {
        String name = null;
        long size = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            if (key.equals("name") && value == JsonToken.VALUE_STRING) {
                name = json.getText();
            } else if (key.equals("size") && value == JsonToken.VALUE_NUMBER_INT) {
                size = json.getLongValue();
            } else {
                json.skipChildren();
            }
        }
        require(json.currentToken() == JsonToken.END_OBJECT && name != null && size >= 0);
        each.accept(name, size);
    }

    private static void require(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("the server's list of files is not of the protocol's second version (names and sizes)");
        }
    }
}
