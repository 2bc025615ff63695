package org.ashlar.guest;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.Message;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SendError;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.Spawned;
import org.ashlar.component.Result;
import org.ashlar.component.Variant;

/** Turns the kernel's types into what a guest gets, in the shapes of {@link WorldTypes}. */
final class Lowering {
    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;

    private final Addresses addresses;
    private final BlobReader blobs;

    Lowering(Addresses addresses, BlobReader blobs) {
        this.addresses = addresses;
        this.blobs = blobs;
    }

    Object[] address(Address address) {
        return addresses.lower(address);
    }

    /** For {@code receive}: an error comes with the context of its Request. */
    Result received(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Received received -> arrived(received);
            case Delivery.Failed(SendError error, Optional<byte[]> context) ->
                    Result.error(new Object[] {sendError(error), context});
        };
    }

    /** For {@code send-and-await-response}. */
    Result awaited(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Received received -> arrived(received);
            case Delivery.Failed(SendError error, var context) -> Result.error(sendError(error));
        };
    }

    private Result arrived(Delivery.Received received) {
        return Result.success(new Object[] {
            address(received.source()), message(received.message(), received.context())});
    }

    private Variant message(Message message, Optional<byte[]> context) {
        return switch (message) {
            case Request request -> Variant.of(REQUEST, request(request));
            case Response response -> Variant.of(RESPONSE, new Object[] {response(response), context});
        };
    }

    private Object[] request(Request request) {
        return new Object[] {request.inherit(), seconds(request.expectsResponse()), request.body(), request.metadata(),
            signed(request.capabilities())};
    }

    private Object[] response(Response response) {
        return new Object[] {response.inherit(), response.body(), response.metadata(), signed(response.capabilities())};
    }

    private Object[] sendError(SendError error) {
        int kind = switch (error.kind()) {
            case OFFLINE -> 0;
            case TIMEOUT -> 1;
        };
        return new Object[] {kind, address(error.target()), message(error.message(), Optional.empty()), blob(error.blob())};
    }

    Optional<Object[]> blob(Optional<Blob> blob) {
        return blob.map(each -> new Object[] {each.mime(), blobs.bytes(each)});
    }

    Variant onExit(OnExit onExit) {
        return switch (onExit) {
            case OnExit.None none -> Variant.of(0);
            case OnExit.Restart restart -> Variant.of(1);
            case OnExit.Requests(var requests) -> Variant.of(2, requests.stream().map(this::parting).toList());
        };
    }

    private Object[] parting(OnExit.Parting parting) {
        return new Object[] {address(parting.target()), request(parting.request()), blob(parting.blob())};
    }

    Result spawned(Spawned spawned) {
        return switch (spawned) {
            case Spawned.Child(var id) -> Result.success(Addresses.lowerId(id));
            case Spawned.NameTaken taken -> Result.error(0);
            case Spawned.NoFileAtPath missing -> Result.error(1);
        };
    }

    List<Object[]> capabilities(List<Capability> capabilities) {
        return capabilities.stream().map(this::capability).toList();
    }

    private List<Object[]> signed(List<SignedCapability> capabilities) {
        return capabilities.isEmpty()
                ? List.of()
                : capabilities.stream().map(each -> capability(each.capability())).toList();
    }

    private Object[] capability(Capability capability) {
        return new Object[] {address(capability.issuer()), capability.params()};
    }

    private static Optional<Long> seconds(OptionalLong seconds) {
        return seconds.isPresent() ? Optional.of(seconds.getAsLong()) : Optional.empty();
    }
}
