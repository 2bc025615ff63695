package org.ashlar.guest;

import org.ashlar.api.process.GuestHost;
import org.ashlar.wasi.WasiContext;

/** What the imports of one running guest are bound to. Used by the guest's thread alone. */
record Run(GuestHost host, Lifting lift, Lowering lower, WasiContext wasi) {
    static Run of(GuestHost host, BlobReader blobs, WasiContext wasi) {
        Addresses addresses = new Addresses();
        return new Run(host, new Lifting(addresses), new Lowering(addresses, blobs), wasi);
    }
}
