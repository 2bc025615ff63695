package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;

/**
 * What {@code vfs:distro:sys} is asked to do: {@code {"path","action"}} (reference-modules 3).
 *
 * @param path   {@code /package:publisher/drive/file…}
 * @param action the name of the action; what it holds beside is not read yet
 */
public record VfsRequest(String path, String action) {
    /** Longest body read, in bytes. */
    public static final int MAX_BYTES = 65_536;
    /** The action that gives a whole file. */
    public static final String READ = "Read";

    /** @throws CodecException when {@code body} is no such request */
    public static VfsRequest parse(byte[] body) {
        JsonValue request = JsonValue.parse("vfs request", body, MAX_BYTES);
        return new VfsRequest(request.field("path").text(), request.field("action").variant().name());
    }

    public static VfsRequest read(String path) {
        return new VfsRequest(path, READ);
    }

    public byte[] encode() {
        return JsonText.utf8(object().put("path", path).put("action", action));
    }
}
