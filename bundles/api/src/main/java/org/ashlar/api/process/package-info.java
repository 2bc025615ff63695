/**
 * The contracts around a process: what the kernel offers, what a system process and a guest runtime provide.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.api.process;
