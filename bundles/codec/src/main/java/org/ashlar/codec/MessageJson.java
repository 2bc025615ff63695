package org.ashlar.codec;

import static org.ashlar.codec.JsonText.bytes;
import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.optional;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.tuple;
import static org.ashlar.codec.JsonText.u64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;

/**
 * The JSON forms of messages and of what they carry (reference-kernel 1.1, 4.1): identifiers are strings except for a
 * package id, which is an object; bytes are lists of numbers.
 */
public final class MessageJson {
    /** Longest text of one capability read, in bytes. */
    public static final int MAX_CAPABILITY_BYTES = 16 << 20;

    private MessageJson() { }

    /** Reads {@code {"issuer","params"}}. */
    public static Capability capability(JsonValue json) {
        return new Capability(json.field("issuer").identifier(Address::parse), json.field("params").text());
    }

    /** Reads {@code {"inherit","expects_response","body","metadata","capabilities"}}. */
    public static Request request(JsonValue json) {
        return new Request(json.field("inherit").bool(),
                json.optional("expects_response").map(s -> OptionalLong.of(s.u64())).orElse(OptionalLong.empty()),
                json.field("body").bytes(), json.optional("metadata").map(JsonValue::text),
                json.field("capabilities").list(MessageJson::carried));
    }

    /** Reads {@code {"inherit","body","metadata","capabilities"}}. */
    public static Response response(JsonValue json) {
        return new Response(json.field("inherit").bool(), json.field("body").bytes(),
                json.optional("metadata").map(JsonValue::text), json.field("capabilities").list(MessageJson::carried));
    }

    /** Reads {@code {"mime","bytes"}}. */
    public static Blob blob(JsonValue json) {
        return Blob.of(json.optional("mime").map(JsonValue::text), json.field("bytes").bytes());
    }

    /** Reads {@code {"package_name","publisher_node"}}. */
    public static PackageId packageId(JsonValue json) {
        String name = json.field("package_name").text();
        String publisher = json.field("publisher_node").text();
        return json.identified(() -> new PackageId(name, publisher));
    }

    /** Reads what {@link #encode(SignedCapability)} writes. @throws CodecException when it is anything else */
    public static SignedCapability signedCapability(byte[] text) {
        return carried(JsonValue.parse("capability", text, MAX_CAPABILITY_BYTES));
    }

    /** {@code [capability, [signature bytes]]}: how a capability is kept. */
    public static byte[] encode(SignedCapability capability) {
        return JsonText.utf8(writeCarried(capability));
    }

    static ProcessId processId(JsonValue json) {
        return json.identifier(ProcessId::parse);
    }

    /**
     * What a message carries. The specification's runtime writes pairs {@code [capability, [signature bytes]]}, its guest
     * library bare capabilities (4.1): both are read.
     */
    private static SignedCapability carried(JsonValue json) {
        if (json.isObject()) {
            return SignedCapability.unsigned(capability(json));
        }
        List<JsonValue> pair = json.tuple(2);
        return new SignedCapability(capability(pair.get(0)), pair.get(1).bytes());
    }

    static ObjectNode write(Capability capability) {
        return object().put("issuer", capability.issuer().toString()).put("params", capability.params());
    }

    static ObjectNode write(Request request) {
        ObjectNode json = object().put("inherit", request.inherit());
        json.set("expects_response", u64(request.expectsResponse()));
        json.set("body", bytes(request.body()));
        json.set("metadata", text(request.metadata()));
        json.set("capabilities", writeCarried(request.capabilities()));
        return json;
    }

    static ObjectNode write(Response response) {
        ObjectNode json = object().put("inherit", response.inherit());
        json.set("body", bytes(response.body()));
        json.set("metadata", text(response.metadata()));
        json.set("capabilities", writeCarried(response.capabilities()));
        return json;
    }

    static ObjectNode write(Blob blob) {
        ObjectNode json = object();
        json.set("mime", text(blob.mime()));
        try {
            json.set("bytes", bytes(blob.bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return json;
    }

    static ObjectNode write(PackageId id) {
        return object().put("package_name", id.name()).put("publisher_node", id.publisher());
    }

    static JsonNode writeBlob(Optional<Blob> blob) {
        return optional(blob, MessageJson::write);
    }

    private static JsonNode writeCarried(List<SignedCapability> capabilities) {
        return list(capabilities, MessageJson::writeCarried);
    }

    private static JsonNode writeCarried(SignedCapability signed) {
        return tuple(write(signed.capability()), bytes(signed.signature()));
    }
}
