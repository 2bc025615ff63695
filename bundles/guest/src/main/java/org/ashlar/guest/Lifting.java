package org.ashlar.guest;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.Response;
import org.ashlar.api.message.SignedCapability;
import org.ashlar.api.process.GuestHost.Outgoing;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.component.Variant;

/**
 * Turns what a guest hands over into the kernel's types. The shapes are those of {@link WorldTypes}, which was checked when
 * the guest was loaded; identifiers are checked here, by the types themselves.
 */
final class Lifting {
    private final Addresses addresses;

    Lifting(Addresses addresses) {
        this.addresses = addresses;
    }

    Address address(Object value) {
        return addresses.lift(value);
    }

    Request request(Object value) {
        Object[] fields = (Object[]) value;
        return new Request((Boolean) fields[0], seconds(fields[1]), (byte[]) fields[2], text(fields[3]),
                unsigned(fields[4]));
    }

    Response response(Object value) {
        Object[] fields = (Object[]) value;
        return new Response((Boolean) fields[0], (byte[]) fields[1], text(fields[2]), unsigned(fields[3]));
    }

    /** A tuple of target, Request, context and blob. */
    Outgoing outgoing(Object[] fields) {
        return new Outgoing(address(fields[0]), request(fields[1]), bytes(fields[2]), blob(fields[3]));
    }

    Optional<Blob> blob(Object option) {
        return ((Optional<?>) option).map(value -> {
            Object[] fields = (Object[]) value;
            return Blob.of(text(fields[0]), (byte[]) fields[1]);
        });
    }

    OnExit onExit(Object value) {
        Variant variant = (Variant) value;
        return switch (variant.tag()) {
            case 0 -> OnExit.NONE;
            case 1 -> OnExit.RESTART;
            default -> new OnExit.Requests(((List<?>) variant.payload()).stream().map(this::parting).toList());
        };
    }

    private OnExit.Parting parting(Object tuple) {
        Object[] fields = (Object[]) tuple;
        return new OnExit.Parting(address(fields[0]), request(fields[1]), blob(fields[2]));
    }

    SpawnRequest spawn(Object[] arguments) {
        return new SpawnRequest(text(arguments[0]), (String) arguments[1], onExit(arguments[2]),
                capabilities(arguments[3]), grants(arguments[4]), (Boolean) arguments[5]);
    }

    private static List<SpawnRequest.Grant> grants(Object list) {
        return ((List<?>) list).stream()
                .map(tuple -> (Object[]) tuple)
                .map(fields -> new SpawnRequest.Grant(Addresses.liftId(fields[0]), (String) fields[1]))
                .toList();
    }

    List<Capability> capabilities(Object list) {
        return ((List<?>) list).stream().map(this::capability).toList();
    }

    private Capability capability(Object value) {
        Object[] fields = (Object[]) value;
        return new Capability(address(fields[0]), (String) fields[1]);
    }

    /** A guest sees no signatures, and its word is none: the kernel signs what the guest may attach. */
    private List<SignedCapability> unsigned(Object list) {
        List<?> capabilities = (List<?>) list;
        return capabilities.isEmpty()
                ? List.of()
                : capabilities.stream().map(value -> SignedCapability.unsigned(capability(value))).toList();
    }

    private static OptionalLong seconds(Object option) {
        return ((Optional<?>) option).map(value -> OptionalLong.of((Long) value)).orElseGet(OptionalLong::empty);
    }

    private static Optional<String> text(Object option) {
        return ((Optional<?>) option).map(String.class::cast);
    }

    private static Optional<byte[]> bytes(Object option) {
        return ((Optional<?>) option).map(byte[].class::cast);
    }
}
