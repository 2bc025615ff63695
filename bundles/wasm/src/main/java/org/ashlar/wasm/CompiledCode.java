package org.ashlar.wasm;

import java.util.Map;

/**
 * What the compiler makes of a module.
 *
 * @param machine     the name of the class that runs it, one of {@code classes}
 * @param classes     class files by binary name
 * @param interpreted functions too large for a method of the JVM, which run in the interpreter: index and name
 */
public record CompiledCode(String machine, Map<String, byte[]> classes, Map<Integer, String> interpreted) { }
