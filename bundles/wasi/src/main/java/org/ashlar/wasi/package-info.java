/**
 * WASI 0.2 for components: what a guest sees of clocks, random numbers, files and standard streams, and nothing else of the
 * host. Entry points: {@link org.ashlar.wasi.Wasi} adds it to a linker; {@link org.ashlar.wasi.WasiContext} is what one
 * instance sees. Limits: see the module's README.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.wasi;
