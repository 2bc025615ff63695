/**
 * The seam behind which an engine for core WebAssembly modules plugs in.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.api.wasm;
