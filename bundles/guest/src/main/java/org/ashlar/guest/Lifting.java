package org.ashlar.guest;

import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.GuestHost.Outgoing;
import org.ashlar.api.process.SpawnRequest;
import org.ashlar.component.Variant;

/**
 * What {@link WorldShapes} leaves to do with arguments: the shapes are those of {@link WorldTypes}, which was checked when the
 * guest was loaded.
 */
@SuppressWarnings("unchecked") // what is in an option or a list is known by the same
final class Lifting {
    private Lifting() { }

    /** A tuple of target, Request, context and blob. */
    static Outgoing outgoing(Object[] fields) {
        return new Outgoing((Address) fields[0], (Request) fields[1], (Optional<byte[]>) fields[2], blob(fields[3]));
    }

    static Optional<Blob> blob(Object option) {
        return (Optional<Blob>) option;
    }

    static OnExit onExit(Object value) {
        Variant variant = (Variant) value;
        return switch (variant.tag()) {
            case 0 -> OnExit.NONE;
            case 1 -> OnExit.RESTART;
            default -> new OnExit.Requests(((List<Object[]>) variant.payload()).stream().map(Lifting::parting).toList());
        };
    }

    private static OnExit.Parting parting(Object[] fields) {
        return new OnExit.Parting((Address) fields[0], (Request) fields[1], blob(fields[2]));
    }

    static SpawnRequest spawn(Object[] arguments) {
        return new SpawnRequest((Optional<String>) arguments[0], (String) arguments[1], onExit(arguments[2]),
                capabilities(arguments[3]), grants((List<Object[]>) arguments[4]), (Boolean) arguments[5]);
    }

    private static List<SpawnRequest.Grant> grants(List<Object[]> tuples) {
        return tuples.stream().map(fields -> new SpawnRequest.Grant((ProcessId) fields[0], (String) fields[1])).toList();
    }

    static List<Capability> capabilities(Object list) {
        return List.copyOf((List<Capability>) list);
    }
}
