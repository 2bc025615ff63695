/** JSON and MessagePack forms of messages and of system-process bodies: strict on output, bounded and checked on input. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.codec;
