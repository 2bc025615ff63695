package org.ashlar.guest;

import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.Spawned;
import org.ashlar.component.Result;
import org.ashlar.component.Variant;

/** What {@link WorldShapes} leaves to do with results. */
final class Lowering {
    private final BlobReader blobs;

    Lowering(BlobReader blobs) {
        this.blobs = blobs;
    }

    /** With what it carries in the heap. */
    Delivery delivery(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Received received -> received;
            case Delivery.Failed(SendError error, var context) -> new Delivery.Failed(
                    new SendError(error.kind(), error.target(), error.message(), blob(error.blob())), context);
        };
    }

    /** The blob in the heap. */
    Optional<Blob> blob(Optional<Blob> blob) {
        return blob.isEmpty() ? blob : Optional.of(blobs.inMemory(blob.get()));
    }

    Variant onExit(OnExit onExit) {
        return switch (onExit) {
            case OnExit.None none -> Variant.of(0);
            case OnExit.Restart restart -> Variant.of(1);
            case OnExit.Requests(var requests) -> Variant.of(2, requests.stream().map(this::parting).toList());
        };
    }

    private Object[] parting(OnExit.Parting parting) {
        return new Object[] {parting.target(), parting.request(), blob(parting.blob())};
    }

    static Result spawned(Spawned spawned) {
        return switch (spawned) {
            case Spawned.Child(var id) -> Result.success(id);
            case Spawned.NameTaken taken -> Result.error(0);
            case Spawned.NoFileAtPath missing -> Result.error(1);
        };
    }
}
