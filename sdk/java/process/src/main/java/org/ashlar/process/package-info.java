/**
 * What a process written in Java uses to talk to the rest of the node.
 *
 * <p>A process is a class with a {@code main} method. Everything it can do is a static method of
 * {@link org.ashlar.process.Process}: receive mail, send requests, reply, keep state, start children. The types
 * follow the interface {@code standard} of the package {@code kinode:process@1.0.0}; pointers, memory layouts and
 * the collector's habits stay inside this package.
 *
 * <p>A process is one thread. Nothing here may be called from a second one, and nothing here returns or accepts
 * {@code null}.
 */
package org.ashlar.process;
