/** The WebAssembly component model: decoder, validator, canonical ABI, resources, linker. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.component;
