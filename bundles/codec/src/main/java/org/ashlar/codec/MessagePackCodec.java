package org.ashlar.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.msgpack.core.MessagePacker;

/**
 * The MessagePack forms that nodes exchange and sign (reference-modules 1.3, 1.4). Byte for byte what the specification's
 * runtime writes; what is read is checked and bounded.
 */
public final class MessagePackCodec {
    /** Largest encoded message, in bytes (reference-kernel 2.1, {@code MESSAGE_MAX_SIZE}). */
    public static final int MAX_MESSAGE = 10_485_800;
    /** Most capabilities one message may carry. */
    public static final int MAX_CAPABILITIES = 4096;

    /** Length from which the content of a blob is not copied into the rest. */
    private static final int APART = 64 << 10;

    private static final List<String> ENVELOPE =
            List.of("id", "source", "target", "rsvp", "message", "lazy_load_blob");
    private static final List<String> MESSAGE = List.of("Request", "Response");
    private static final List<String> REQUEST =
            List.of("inherit", "expects_response", "body", "metadata", "capabilities");
    private static final List<String> RESPONSE = List.of("inherit", "body", "metadata", "capabilities");
    private static final List<String> BLOB = List.of("mime", "bytes");
    private static final List<String> CAPABILITY = List.of("issuer", "params");

    private MessagePackCodec() { }

    /**
     * Encodes a message. A blob in a file is read: not on a virtual thread then.
     *
     * @throws CodecException when it would be larger than {@link #MAX_MESSAGE}
     * @throws UncheckedIOException when the blob's file cannot be read
     */
    public static byte[] encode(Envelope envelope) {
        return encode(envelope, PackWriter::bytes);
    }

    private static byte[] encode(Envelope envelope, PackWriter.Bytes form) {
        checkSize(payload(envelope), MAX_MESSAGE);
        byte[] encoded = PackWriter.pack(out -> write(out, envelope, form));
        checkSize(encoded.length, MAX_MESSAGE);
        return encoded;
    }

    /**
     * The same with bytes as {@code bin}, which is shorter and quicker: for nodes that have said that they read it.
     *
     * @param most bytes that such a node takes
     * @return in one piece, or in two, of which the second is the content of the blob itself; not to be modified
     * @throws CodecException when it would be more than {@code most}
     */
    public static List<byte[]> encodeCompact(Envelope envelope, long most) throws IOException {
        checkSize(payload(envelope), most);
        boolean apart = envelope.blob().isPresent() && envelope.blob().get().length() >= APART;
        byte[] first = PackWriter.pack(out -> write(out, envelope, apart
                ? (packer, bytes) -> bin(packer, bytes, envelope.blob().get().bytes()) : PackWriter::bin));
        List<byte[]> pieces = apart ? List.of(first, envelope.blob().get().bytes()) : List.of(first);
        checkSize(pieces.stream().mapToLong(piece -> piece.length).sum(), most);
        return pieces;
    }

    /** The content of the blob, which comes last, is only announced. */
    private static void bin(MessagePacker out, byte[] bytes, byte[] blob) throws IOException {
        if (bytes == blob) {
            out.packBinaryHeader(bytes.length);
        } else {
            PackWriter.bin(out, bytes);
        }
    }

    private static long payload(Envelope envelope) {
        return envelope.message().body().length + envelope.blob().map(Blob::length).orElse(0L);
    }

    private static void checkSize(long bytes, long most) {
        if (bytes > most) {
            throw new CodecException("message: " + bytes + " bytes or more as MessagePack; at most " + most
                    + " can be sent to another node");
        }
    }

    /**
     * Decodes a message. A capability whose issuer cannot exist is left out: it gives no right.
     *
     * @throws MisaddressedException when target or rsvp cannot exist, and everything else is well formed
     * @throws CodecException when {@code bytes} are no message, or more than {@link #MAX_MESSAGE}
     */
    public static Envelope decode(byte[] bytes) {
        return decode(bytes, MAX_MESSAGE);
    }

    /** The same of a message that may have {@code most} bytes, as nodes that have agreed on that send it. */
    public static Envelope decode(byte[] bytes, int most) {
        return PackReader.read("message", bytes, most, MessagePackCodec::envelope);
    }

    /** The bytes that a node signs to vouch for a capability: the pair {@code [issuer, params]} (reference-kernel 5.3). */
    public static byte[] signedBytes(Capability capability) {
        return PackWriter.pack(out -> write(out, capability));
    }

    private static Envelope envelope(PackReader in) {
        var read = new Object() {
            long id;
            Address source;
            String target;
            Optional<String> rsvp = Optional.empty();
            Message message;
            Optional<Blob> blob = Optional.empty();
        };
        in.struct("message", ENVELOPE, PackReader.optionalFields(3, 5), field -> {
            switch (field) {
                case 0 -> read.id = in.u64("id");
                case 1 -> read.source = in.identifier("source", Address::parse);
                case 2 -> read.target = in.text("target");
                case 3 -> read.rsvp = in.optional("rsvp", () -> in.text("rsvp"));
                case 4 -> read.message = in.variant("message", MESSAGE) == 0 ? request(in) : responsePair(in);
                default -> read.blob = in.optional("lazy_load_blob", () -> blob(in));
            }
        });
        return new Envelope(read.id, read.source, address("target", read.target), read.rsvp.map(text -> address("rsvp", text)),
                read.message, read.blob);
    }

    private static Address address(String field, String text) {
        try {
            return Address.parse(text);
        } catch (IdentifierException e) {
            throw new MisaddressedException("message: " + field + ": " + e.getMessage(), e);
        }
    }

    private static Request request(PackReader in) {
        var read = new Object() {
            boolean inherit;
            OptionalLong expects = OptionalLong.empty();
            byte[] body;
            Optional<String> metadata = Optional.empty();
            List<SignedCapability> capabilities;
        };
        in.struct("Request", REQUEST, PackReader.optionalFields(1, 3), field -> {
            switch (field) {
                case 0 -> read.inherit = in.bool("inherit");
                case 1 -> read.expects = in.optionalU64("expects_response");
                case 2 -> read.body = in.bytes("body");
                case 3 -> read.metadata = in.optional("metadata", () -> in.text("metadata"));
                default -> read.capabilities = capabilities(in);
            }
        });
        return new Request(read.inherit, read.expects, read.body, read.metadata, read.capabilities);
    }

    /** A Response travels beside a context, which has no meaning on the wire (reference-kernel 2.1): read, and let go. */
    private static Response responsePair(PackReader in) {
        int count = in.listHeader("Response");
        if (count != 2) {
            throw new CodecException("message: Response has " + count + " parts, expected 2: response, context");
        }
        Response response = response(in);
        in.optional("context", () -> in.bytes("context"));
        return response;
    }

    private static Response response(PackReader in) {
        var read = new Object() {
            boolean inherit;
            byte[] body;
            Optional<String> metadata = Optional.empty();
            List<SignedCapability> capabilities;
        };
        in.struct("Response", RESPONSE, PackReader.optionalFields(2), field -> {
            switch (field) {
                case 0 -> read.inherit = in.bool("inherit");
                case 1 -> read.body = in.bytes("body");
                case 2 -> read.metadata = in.optional("metadata", () -> in.text("metadata"));
                default -> read.capabilities = capabilities(in);
            }
        });
        return new Response(read.inherit, read.body, read.metadata, read.capabilities);
    }

    private static Blob blob(PackReader in) {
        var read = new Object() {
            Optional<String> mime = Optional.empty();
            byte[] bytes;
        };
        in.struct("lazy_load_blob", BLOB, PackReader.optionalFields(0), field -> {
            if (field == 0) {
                read.mime = in.optional("mime", () -> in.text("mime"));
            } else {
                read.bytes = in.bytes("bytes");
            }
        });
        return Blob.of(read.mime, read.bytes);
    }

    private static List<SignedCapability> capabilities(PackReader in) {
        return in.list("capabilities", MAX_CAPABILITIES, () -> {
            if (in.listHeader("capability") != 2) {
                throw new CodecException("message: a capability is no pair of capability and signature");
            }
            Optional<Capability> capability = capability(in);
            byte[] signature = in.bytes("signature");
            return capability.map(known -> new SignedCapability(known, signature));
        }).stream().flatMap(Optional::stream).toList();
    }

    private static Optional<Capability> capability(PackReader in) {
        var read = new Object() {
            String issuer;
            String params;
        };
        in.struct("capability", CAPABILITY, PackReader.optionalFields(), field -> {
            if (field == 0) {
                read.issuer = in.text("issuer");
            } else {
                read.params = in.text("params");
            }
        });
        try {
            return Optional.of(new Capability(Address.parse(read.issuer), read.params));
        } catch (IdentifierException e) {
            return Optional.empty();
        }
    }

    private static void write(MessagePacker out, Envelope envelope, PackWriter.Bytes form) throws IOException {
        out.packArrayHeader(ENVELOPE.size());
        PackWriter.u64(out, envelope.id());
        out.packString(envelope.source().toString());
        out.packString(envelope.target().toString());
        PackWriter.text(out, envelope.rsvp());
        out.packMapHeader(1);
        switch (envelope.message()) {
            case Request request -> {
                out.packString("Request");
                write(out, request, form);
            }
            case Response response -> {
                out.packString("Response").packArrayHeader(2);
                write(out, response, form);
                out.packNil();
            }
        }
        if (envelope.blob().isEmpty()) {
            out.packNil();
        } else {
            Blob blob = envelope.blob().get();
            out.packArrayHeader(BLOB.size());
            PackWriter.text(out, blob.mime());
            form.write(out, blob.bytes());
        }
    }

    private static void write(MessagePacker out, Request request, PackWriter.Bytes form) throws IOException {
        out.packArrayHeader(REQUEST.size()).packBoolean(request.inherit());
        if (request.expectsResponse().isPresent()) {
            PackWriter.u64(out, request.expectsResponse().getAsLong());
        } else {
            out.packNil();
        }
        writeRest(out, request, form);
    }

    private static void write(MessagePacker out, Response response, PackWriter.Bytes form) throws IOException {
        out.packArrayHeader(RESPONSE.size()).packBoolean(response.inherit());
        writeRest(out, response, form);
    }

    private static void writeRest(MessagePacker out, Message message, PackWriter.Bytes form) throws IOException {
        form.write(out, message.body());
        PackWriter.text(out, message.metadata());
        out.packArrayHeader(message.capabilities().size());
        for (SignedCapability carried : message.capabilities()) {
            out.packArrayHeader(2);
            write(out, carried.capability());
            form.write(out, carried.signature());
        }
    }

    private static void write(MessagePacker out, Capability capability) throws IOException {
        out.packArrayHeader(CAPABILITY.size()).packString(capability.issuer().toString()).packString(capability.params());
    }
}
