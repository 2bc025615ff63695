package org.ashlar.guest;

import org.ashlar.api.process.Delivery;
import org.ashlar.api.process.GuestHost;
import org.ashlar.wasi.WasiContext;

/**
 * What the imports of one running guest are bound to. Used by the guest's thread alone.
 *
 * @param engine what it runs on
 * @param stack  of its thread
 */
record Run(GuestHost host, Lowering lower, WasiContext wasi, Engine engine, StackReserve stack) {
    static Run of(GuestHost host, BlobReader blobs, WasiContext wasi, Engine engine) {
        return new Run(host, new Lowering(blobs), wasi, engine, new StackReserve());
    }

    /** A guest that comes to its receive shows that its engine works. */
    Delivery receive() {
        engine.works();
        return host.receive();
    }
}
