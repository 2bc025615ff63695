package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;

/**
 * What {@code vfs:distro:sys} is asked to do: {@code {"path","action"}} (reference-modules 3).
 *
 * @param path   {@code /package:publisher/drive/file…}; not checked here
 * @param action what is to be done there
 */
public record VfsRequest(String path, VfsAction action) {
    /** Longest body read, in bytes. */
    public static final int MAX_BYTES = 65_536;

    /** @throws CodecException when {@code body} is no such request */
    public static VfsRequest parse(byte[] body) {
        JsonValue request = JsonValue.parse("vfs request", body, MAX_BYTES);
        return new VfsRequest(request.field("path").text(), VfsAction.read(request.field("action").variant()));
    }

    /** Asks for a whole file. */
    public static VfsRequest read(String path) {
        return new VfsRequest(path, new VfsAction.Read());
    }

    public byte[] encode() {
        return JsonText.utf8(object().put("path", path).set("action", action.json()));
    }
}
