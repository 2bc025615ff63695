/**
 * What every engine for core WebAssembly on the JVM needs besides a compiler: a look at a module before anything takes its
 * counts at their word ({@link org.ashlar.wasm.Preflight}), a flat linear memory
 * ({@link org.ashlar.wasm.FlatMemory}), and compiled code that is shared and kept on disk
 * ({@link org.ashlar.wasm.ModuleStore}).
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.wasm;
