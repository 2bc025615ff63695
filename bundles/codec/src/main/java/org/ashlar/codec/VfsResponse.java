package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;

/** What {@code vfs:distro:sys} answers (reference-modules 3.2). */
public sealed interface VfsResponse {
    /** Longest body read, in bytes: room for the largest listing, or the longest text. */
    int MAX_BYTES = 64 << 20;

    /** @throws CodecException when {@code body} is no such answer */
    static VfsResponse parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("vfs response", body, MAX_BYTES).variant();
        JsonValue content = answer.content();
        return switch (answer.name()) {
            case "Ok" -> answer.unit(new Done());
            case "Read" -> answer.unit(new Read());
            case "ReadToString" -> new Text(content.text());
            case "ReadDir" -> new Listing(content.list(Entry::read));
            case "SeekFrom" -> new SeekFrom(content.field("new_offset").u64());
            case "Metadata" -> new Metadata(type(content.field("file_type")), content.field("len").u64());
            case "Len" -> new Len(content.u64());
            case "Hash" -> new Hash(content.bytes());
            case "DriveUsage" -> new DriveUsage(content.field("bytes").u64(), content.field("entries").u64(),
                    content.field("max_bytes").u64(), content.field("max_entries").u64(), content.field("disk_free").u64());
            case "Err" -> error(content.variant());
            default -> throw answer.unknown("Ok", "Read", "ReadToString", "ReadDir", "SeekFrom", "Metadata", "Len", "Hash",
                    "DriveUsage", "Err");
        };
    }

    private static VfsResponse error(JsonValue.Variant error) {
        return switch (error.name()) {
            case "NoReadCap" -> error.unit(new NoReadCap());
            case "NoWriteCap" -> error.unit(new NoWriteCap());
            case "AddCapFailed" -> error.unit(new AddCapFailed());
            case "MalformedRequest" -> error.unit(new MalformedRequest());
            case "NoBlob" -> error.unit(new NoBlob());
            case "ParseError" -> new ParseError(error.content().field("error").text(), error.content().field("path").text());
            case "IOError" -> new IoError(error.content().text());
            case "UnzipError" -> error.unit(new UnzipError());
            default -> throw error.unknown("NoReadCap", "NoWriteCap", "AddCapFailed", "MalformedRequest", "NoBlob",
                    "ParseError", "IOError", "UnzipError");
        };
    }

    private static FileType type(JsonValue value) {
        String name = value.text();
        return Arrays.stream(FileType.values()).filter(type -> type.wire().equals(name)).findFirst()
                .orElseThrow(() -> value.refused("File, Directory, Symlink or Other"));
    }

    /** Not to be modified: the two that answer each piece of a file are the same bytes every time. */
    default byte[] encode() {
        return switch (this) {
            case Done it -> Done.ENCODED;
            case Read it -> Read.ENCODED;
            default -> JsonText.utf8(json());
        };
    }

    private JsonNode json() {
        return switch (this) {
            case Done it -> unit("Ok");
            case Read it -> unit("Read");
            case Text(String text) -> variant("ReadToString", text(text));
            case Listing(List<Entry> entries) -> variant("ReadDir", list(entries, Entry::json));
            case SeekFrom(long offset) -> variant("SeekFrom", object().set("new_offset", u64(offset)));
            case Metadata(FileType type, long length) -> {
                var content = object().put("file_type", type.wire());
                content.set("len", u64(length));
                yield variant("Metadata", content);
            }
            case Len(long length) -> variant("Len", u64(length));
            case Hash(byte[] hash) -> variant("Hash", JsonText.bytes(hash));
            case DriveUsage usage -> {
                var content = object();
                content.set("bytes", u64(usage.bytes));
                content.set("entries", u64(usage.entries));
                content.set("max_bytes", u64(usage.maxBytes));
                content.set("max_entries", u64(usage.maxEntries));
                content.set("disk_free", u64(usage.diskFree));
                yield variant("DriveUsage", content);
            }
            case NoReadCap it -> err(unit("NoReadCap"));
            case NoWriteCap it -> err(unit("NoWriteCap"));
            case AddCapFailed it -> err(unit("AddCapFailed"));
            case MalformedRequest it -> err(unit("MalformedRequest"));
            case NoBlob it -> err(unit("NoBlob"));
            case ParseError(String error, String path) ->
                    err(variant("ParseError", object().put("error", error).put("path", path)));
            case IoError(String error) -> err(variant("IOError", text(error)));
            case UnzipError it -> err(unit("UnzipError"));
        };
    }

    private static JsonNode err(JsonNode content) {
        return variant("Err", content);
    }

    /** Whether it says that nothing was done. */
    default boolean isError() {
        return this instanceof NoReadCap || this instanceof NoWriteCap || this instanceof AddCapFailed
                || this instanceof MalformedRequest || this instanceof NoBlob || this instanceof ParseError
                || this instanceof IoError || this instanceof UnzipError;
    }

    /** What is found at a path. */
    enum FileType {
        FILE, DIRECTORY, SYMLINK, OTHER;

        String wire() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * What a folder holds.
     *
     * @param path relative to the root of all drives, without a leading slash: {@code p:n/drive/x}
     */
    record Entry(String path, FileType type) {
        private static Entry read(JsonValue value) {
            return new Entry(value.field("path").text(), VfsResponse.type(value.field("file_type")));
        }

        private JsonNode json() {
            return object().put("path", path).put("file_type", type.wire());
        }
    }

    /** {@code "Ok"}. */
    record Done() implements VfsResponse {
        private static final byte[] ENCODED = JsonText.utf8(unit("Ok"));
    }

    /** The content is in the blob. */
    record Read() implements VfsResponse {
        private static final byte[] ENCODED = JsonText.utf8(unit("Read"));
    }

    /** {@code ReadToString}. */
    record Text(String text) implements VfsResponse { }

    /** {@code ReadDir}, in no order. */
    record Listing(List<Entry> entries) implements VfsResponse {
        public Listing {
            entries = List.copyOf(entries);
        }
    }

    /** Where the cursor is now. */
    record SeekFrom(long newOffset) implements VfsResponse { }

    record Metadata(FileType type, long length) implements VfsResponse { }

    record Len(long length) implements VfsResponse { }

    /** @param hash 32 bytes */
    record Hash(byte[] hash) implements VfsResponse {
        @Override
        public boolean equals(Object other) {
            return other instanceof Hash that && Arrays.equals(hash, that.hash);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(hash);
        }
    }

    /**
     * Not in the specification.
     *
     * @param bytes      lengths of the files in the drive
     * @param entries    files and folders in it
     * @param maxBytes   quota
     * @param maxEntries quota
     * @param diskFree   what the disk has left, in bytes
     */
    record DriveUsage(long bytes, long entries, long maxBytes, long maxEntries, long diskFree) implements VfsResponse { }

    record NoReadCap() implements VfsResponse { }

    record NoWriteCap() implements VfsResponse { }

    /** The capabilities could not be given. */
    record AddCapFailed() implements VfsResponse { }

    record MalformedRequest() implements VfsResponse { }

    /** The action needs a blob. */
    record NoBlob() implements VfsResponse { }

    /** The blob is no zip that is unpacked here. */
    record ParseError(String error, String path) implements VfsResponse { }

    /** @param error for a person: what was asked, what was found */
    record IoError(String error) implements VfsResponse { }

    record UnzipError() implements VfsResponse { }
}
