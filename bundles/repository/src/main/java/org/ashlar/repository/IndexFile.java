package org.ashlar.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Index files: which blobs the packs hold. Read as a stream, so that their size costs no memory. */
final class IndexFile {
    /** Most blobs that are written into one file. */
    static final int BLOBS = 50_000;
    /** Most blobs in one pack, most plain bytes in one file that are read. */
    static final int MAX_PACK_BLOBS = 1 << 20;
    static final long MAX_TEXT = 1L << 30;
    private static final int MAX_SUPERSEDED = 1 << 20;

    private IndexFile() { }

    static byte[] write(Map<Id, List<PackedBlob>> packs, List<Id> supersedes) {
        return Document.write(json -> {
            if (!supersedes.isEmpty()) {
                json.writeArrayFieldStart("supersedes");
                for (Id id : supersedes) {
                    json.writeString(id.toString());
                }
                json.writeEndArray();
            }
            json.writeArrayFieldStart("packs");
            for (Map.Entry<Id, List<PackedBlob>> pack : packs.entrySet()) {
                writePack(json, pack.getKey(), pack.getValue());
            }
            json.writeEndArray();
        });
    }

    private static void writePack(JsonGenerator json, Id id, List<PackedBlob> blobs) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id.toString());
        json.writeArrayFieldStart("blobs");
        for (PackedBlob blob : blobs) {
            json.writeStartObject();
            json.writeStringField("id", blob.id().toString());
            json.writeStringField("type", blob.type().text);
            json.writeNumberField("offset", blob.offset());
            json.writeNumberField("length", blob.length());
            if (blob.plain() != 0) {
                json.writeNumberField("uncompressed_length", blob.plain());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * Reads an index file.
     *
     * @param each gets each pack with its blobs
     * @return the index files it stands for
     */
    static List<Id> read(InputStream text, BiConsumer<Id, List<PackedBlob>> each) {
        List<Id> supersedes = new ArrayList<>();
        try (JsonParser json = Document.FACTORY.createParser(text)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("packs") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        readPack(json, each);
                    }
                } else if (key.equals("supersedes") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.VALUE_STRING) {
                        supersedes.add(Id.parse(json.getText()));
                        if (supersedes.size() > MAX_SUPERSEDED) {
                            throw new DamagedException("index: stands for too many others");
                        }
                    }
                    expect(json.currentToken(), JsonToken.END_ARRAY);
                } else {
                    json.skipChildren();
                }
            }
            expect(json.currentToken(), JsonToken.END_OBJECT);
            expect(json.nextToken(), null);
        } catch (IOException e) {
            throw new DamagedException("index: no JSON that is read here: " + Text.shown(String.valueOf(e.getMessage())), e);
        }
        return supersedes;
    }

    private static void expect(JsonToken found, JsonToken expected) throws IOException {
        if (found != expected) {
            throw new IOException(found + " where " + expected + " was expected");
        }
    }

    private static void readPack(JsonParser json, BiConsumer<Id, List<PackedBlob>> each) throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        Optional<Id> id = Optional.empty();
        List<PackedBlob> blobs = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            if (key.equals("id") && value == JsonToken.VALUE_STRING) {
                id = Optional.of(Id.parse(json.getText()));
            } else if (key.equals("blobs") && value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    blobs.add(readBlob(json));
                    if (blobs.size() > MAX_PACK_BLOBS) {
                        throw new DamagedException("index: too many blobs in one pack");
                    }
                }
            } else {
                json.skipChildren();
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT);
        each.accept(id.orElseThrow(() -> new DamagedException("index: a pack without an id")), blobs);
    }

    private static PackedBlob readBlob(JsonParser json) throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        Optional<Id> id = Optional.empty();
        Optional<BlobType> type = Optional.empty();
        int offset = 0;
        int length = 0;
        int plain = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "id" -> id = Optional.of(Id.parse(json.getText()));
                case "type" -> type = Optional.of(BlobType.parse(json.getText()));
                case "offset" -> offset = json.getIntValue();
                case "length" -> length = json.getIntValue();
                case "uncompressed_length" -> plain = json.getIntValue();
                default -> json.skipChildren();
            }
            if (value == null) {
                throw new IOException("ends too early");
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT);
        if (id.isEmpty() || type.isEmpty()) {
            throw new DamagedException("index: a blob without id or type");
        }
        return new PackedBlob(type.get(), id.get(), offset, length, plain);
    }

    /** Packs that belong into the next index file. Not safe for threads. */
    static final class Builder {
        private final Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
        private int blobs;

        void add(Id pack, List<PackedBlob> content) {
            packs.put(pack, content);
            blobs += content.size();
        }

        boolean isFull() {
            return blobs >= BLOBS;
        }

        boolean isEmpty() {
            return packs.isEmpty();
        }

        byte[] json(List<Id> supersedes) {
            return write(packs, supersedes);
        }
    }
}
