package org.ashlar.guest;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.component.Shapes;

/**
 * How the kernel's types are the types of the guest world: what a guest hands over becomes a {@link Request} or an
 * {@link Address} at once, and a {@link Delivery} goes into its memory as it is. Identifiers are checked here, by the types
 * themselves.
 */
final class WorldShapes {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private WorldShapes() { }

    /** One for a runtime: what is made for it is shared by all its programs. */
    static Shapes make() {
        Addresses addresses = new Addresses();
        return Shapes.builder()
                .record(WorldTypes.PROCESS_ID,
                        bound(addresses, "process", ProcessId.class, String.class, String.class, String.class),
                        getters(ProcessId.class, "process", "packageName", "publisher"))
                .record(WorldTypes.ADDRESS, bound(addresses, "address", Address.class, String.class, ProcessId.class),
                        getters(Address.class, "node", "process"))
                .record(WorldTypes.CAPABILITY, own("capability", Capability.class, Address.class, String.class),
                        getters(Capability.class, "issuer", "params"))
                .record(WorldTypes.BLOB, own("blob", Blob.class, Optional.class, byte[].class),
                        getter(Blob.class, "mime"), own("bytes", byte[].class, Blob.class))
                .record(WorldTypes.REQUEST, constructor("request", Request.class),
                        getter(Request.class, "inherit"), getter(Request.class, "expectsResponse"),
                        getter(Request.class, "body"), getter(Request.class, "metadata"),
                        own("capabilities", List.class, Message.class))
                .record(WorldTypes.RESPONSE, constructor("response", Response.class),
                        getter(Response.class, "inherit"), getter(Response.class, "body"),
                        getter(Response.class, "metadata"), own("capabilities", List.class, Message.class))
                .recordToGuest(WorldTypes.ARRIVED, getter(Delivery.Received.class, "source"),
                        MethodHandles.identity(Delivery.Received.class))
                .variantToGuest(WorldTypes.MESSAGE, own("messageCase", int.class, Delivery.Received.class), List.of(
                        Optional.of(getter(Delivery.Received.class, "message")),
                        Optional.of(MethodHandles.identity(Delivery.Received.class))))
                .recordToGuest(WorldTypes.ANSWER, getter(Delivery.Received.class, "message"),
                        getter(Delivery.Received.class, "context"))
                .recordToGuest(WorldTypes.SEND_ERROR, own("kind", int.class, SendError.class),
                        getter(SendError.class, "target"), own("failedMessage", Delivery.Received.class, SendError.class),
                        getter(SendError.class, "blob"))
                .recordToGuest(WorldTypes.FAILED, getter(Delivery.Failed.class, "error"),
                        getter(Delivery.Failed.class, "context"))
                .variantToGuest(WorldTypes.RECEIVED, own("deliveryCase", int.class, Delivery.class), List.of(
                        Optional.of(MethodHandles.identity(Delivery.class)),
                        Optional.of(MethodHandles.identity(Delivery.class))))
                .variantToGuest(WorldTypes.AWAITED, own("deliveryCase", int.class, Delivery.class), List.of(
                        Optional.of(MethodHandles.identity(Delivery.class)),
                        Optional.of(own("error", SendError.class, Delivery.class))))
                .build();
    }

    // --- what the handles are

    private static Capability capability(Address issuer, String params) {
        return new Capability(issuer, params);
    }

    private static Blob blob(Optional<String> mime, byte[] bytes) {
        return Blob.of(mime, bytes);
    }

    /** Of a blob that {@link BlobReader} has brought into the heap. */
    private static byte[] bytes(Blob blob) {
        return ((Blob.InMemory) blob).bytes();
    }

    private static Request request(boolean inherit, OptionalLong expectsResponse, byte[] body,
                                   Optional<String> metadata, List<Capability> capabilities) {
        return new Request(inherit, expectsResponse, body, metadata, unsigned(capabilities));
    }

    private static Response response(boolean inherit, byte[] body, Optional<String> metadata, List<Capability> capabilities) {
        return new Response(inherit, body, metadata, unsigned(capabilities));
    }

    /** A guest sees no signatures, and its word is none: the kernel signs what the guest may attach. */
    private static List<SignedCapability> unsigned(List<Capability> capabilities) {
        return capabilities.isEmpty() ? List.of() : capabilities.stream().map(SignedCapability::unsigned).toList();
    }

    private static List<Capability> capabilities(Message message) {
        List<SignedCapability> signed = message.capabilities();
        return signed.isEmpty() ? List.of() : signed.stream().map(SignedCapability::capability).toList();
    }

    private static int messageCase(Delivery.Received received) {
        return received.message() instanceof Request ? 0 : 1;
    }

    private static int deliveryCase(Delivery delivery) {
        return delivery instanceof Delivery.Received ? 0 : 1;
    }

    private static SendError error(Delivery delivery) {
        return ((Delivery.Failed) delivery).error();
    }

    private static int kind(SendError error) {
        return switch (error.kind()) {
            case OFFLINE -> 0;
            case TIMEOUT -> 1;
        };
    }

    /** A guest gets a message as it gets one that has arrived; this one, its own, has not. */
    private static Delivery.Received failedMessage(SendError error) {
        return new Delivery.Received(error.target(), error.message(), Optional.empty());
    }

    // --- finding them

    private static MethodHandle own(String name, Class<?> result, Class<?>... parameters) {
        return find(() -> LOOKUP.findStatic(WorldShapes.class, name, MethodType.methodType(result, parameters)));
    }

    private static MethodHandle bound(Addresses addresses, String name, Class<?> result, Class<?>... parameters) {
        return find(() -> LOOKUP.bind(addresses, name, MethodType.methodType(result, parameters)));
    }

    /** The method of this class that makes such records. */
    private static MethodHandle constructor(String name, Class<?> result) {
        return find(() -> LOOKUP.unreflect(Arrays.stream(WorldShapes.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name) && method.getReturnType() == result).findFirst().orElseThrow()));
    }

    private static MethodHandle[] getters(Class<?> type, String... names) {
        return Arrays.stream(names).map(name -> getter(type, name)).toArray(MethodHandle[]::new);
    }

    private static MethodHandle getter(Class<?> type, String name) {
        return find(() -> LOOKUP.unreflect(type.getMethod(name)));
    }

    private interface Finding {
        MethodHandle get() throws ReflectiveOperationException;
    }

    private static MethodHandle find(Finding finding) {
        try {
            return finding.get();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the API is another than this bundle was built with: " + e.getMessage(), e);
        }
    }
}
