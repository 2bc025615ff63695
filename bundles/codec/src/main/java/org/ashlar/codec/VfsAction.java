package org.ashlar.codec;

import static org.ashlar.codec.JsonText.bool;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What can be done at a path (reference-modules 3.2). Offsets and lengths are unsigned numbers of bytes. {@link DriveUsage}
 * is not in the specification.
 */
public sealed interface VfsAction {

    /** @throws CodecException when it is none of the actions */
    static VfsAction read(JsonValue.Variant action) {
        JsonValue content = action.content();
        return switch (action.name()) {
            case "OpenFile" -> new OpenFile(content.field("create").bool());
            case "ReadExact" -> new ReadExact(content.field("length").u64());
            case "Seek" -> new Seek(Origin.read(content.variant()));
            case "Rename" -> new Rename(content.field("new_path").text());
            case "CopyFile" -> new CopyFile(content.field("new_path").text());
            case "SetLen" -> new SetLen(content.u64());
            default -> action.unit(plain(action));
        };
    }

    private static VfsAction plain(JsonValue.Variant action) {
        return switch (action.name()) {
            case "CreateDrive" -> new CreateDrive();
            case "CreateDir" -> new CreateDir();
            case "CreateDirAll" -> new CreateDirAll();
            case "CreateFile" -> new CreateFile();
            case "CloseFile" -> new CloseFile();
            case "Write" -> new Write();
            case "WriteAll" -> new WriteAll();
            case "Append" -> new Append();
            case "SyncAll" -> new SyncAll();
            case "Read" -> new Read();
            case "ReadToEnd" -> new ReadToEnd();
            case "ReadToString" -> new ReadToString();
            case "ReadDir" -> new ReadDir();
            case "RemoveFile" -> new RemoveFile();
            case "RemoveDir" -> new RemoveDir();
            case "RemoveDirAll" -> new RemoveDirAll();
            case "Metadata" -> new Metadata();
            case "Len" -> new Len();
            case "Hash" -> new Hash();
            case "AddZip" -> new AddZip();
            case "DriveUsage" -> new DriveUsage();
            default -> throw action.unknown("CreateDrive", "CreateDir", "CreateDirAll", "CreateFile", "OpenFile", "CloseFile",
                    "Write", "WriteAll", "Append", "SyncAll", "Read", "ReadToEnd", "ReadExact", "ReadToString", "Seek",
                    "ReadDir", "RemoveFile", "RemoveDir", "RemoveDirAll", "Rename", "CopyFile", "Metadata", "Len", "SetLen",
                    "Hash", "AddZip", "DriveUsage");
        };
    }

    /** The JSON form. */
    default JsonNode json() {
        return switch (this) {
            case OpenFile(boolean create) -> variant(name(), object().set("create", bool(create)));
            case ReadExact(long length) -> variant(name(), object().set("length", u64(length)));
            case Seek(Origin origin) -> variant(name(), origin.json());
            case Rename(String path) -> variant(name(), object().set("new_path", text(path)));
            case CopyFile(String path) -> variant(name(), object().set("new_path", text(path)));
            case SetLen(long length) -> variant(name(), u64(length));
            default -> JsonText.unit(name());
        };
    }

    /** The action's name on the wire. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Makes a drive; whoever asks is given the capabilities to read and write it. */
    record CreateDrive() implements VfsAction { }

    /** Makes one folder. */
    record CreateDir() implements VfsAction { }

    /** Makes a folder and those missing above it. */
    record CreateDirAll() implements VfsAction { }

    /** Makes a file, or empties the one that is there, and opens it. */
    record CreateFile() implements VfsAction { }

    /** Opens a file for reading and writing, its cursor at the beginning. */
    record OpenFile(boolean create) implements VfsAction { }

    record CloseFile() implements VfsAction { }

    /** Replaces the whole content by the blob. */
    record Write() implements VfsAction { }

    /** Writes the blob at the cursor. */
    record WriteAll() implements VfsAction { }

    /** Writes the blob at the end. */
    record Append() implements VfsAction { }

    /** Answered when the file, and the folders that lead to it, are on disk. */
    record SyncAll() implements VfsAction { }

    /** Asks for the whole content. */
    record Read() implements VfsAction { }

    /** Asks for the content from the cursor on. */
    record ReadToEnd() implements VfsAction { }

    /** Asks for exactly that many bytes from the cursor on. */
    record ReadExact(long length) implements VfsAction { }

    /** As {@link ReadToEnd}, as text. */
    record ReadToString() implements VfsAction { }

    record Seek(Origin origin) implements VfsAction { }

    record ReadDir() implements VfsAction { }

    record RemoveFile() implements VfsAction { }

    /** Removes an empty folder. */
    record RemoveDir() implements VfsAction { }

    /** Removes a folder and all in it. */
    record RemoveDirAll() implements VfsAction { }

    record Rename(String newPath) implements VfsAction { }

    record CopyFile(String newPath) implements VfsAction { }

    record Metadata() implements VfsAction { }

    /** Asks for the length of a file. */
    record Len() implements VfsAction { }

    record SetLen(long length) implements VfsAction { }

    /** Asks for the SHA-256 of the whole content; leaves the cursor at the end. */
    record Hash() implements VfsAction { }

    /** Unpacks the zip in the blob into a folder. */
    record AddZip() implements VfsAction { }

    /** Asks what the drive holds, and may hold. */
    record DriveUsage() implements VfsAction { }

    /** Where a cursor is moved to. */
    sealed interface Origin {
        private static Origin read(JsonValue.Variant origin) {
            return switch (origin.name()) {
                case "Start" -> new Start(origin.content().u64());
                case "End" -> new End(origin.content().i64());
                case "Current" -> new Current(origin.content().i64());
                default -> throw origin.unknown("Start", "End", "Current");
            };
        }

        private JsonNode json() {
            return switch (this) {
                case Start(long offset) -> variant("Start", u64(offset));
                case End(long distance) -> variant("End", JsonText.i64(distance));
                case Current(long distance) -> variant("Current", JsonText.i64(distance));
            };
        }

        record Start(long offset) implements Origin { }

        /** @param distance from the end of the file; negative: before it */
        record End(long distance) implements Origin { }

        /** @param distance from where the cursor is */
        record Current(long distance) implements Origin { }
    }
}
