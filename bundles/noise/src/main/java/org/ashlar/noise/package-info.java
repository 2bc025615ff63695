/**
 * What two nodes say to each other, as bytes: the Noise protocol, the handshake that binds it to the nodes' names, frames
 * of both transports, and a session as a state machine. No sockets, no threads, no clock of its own.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.noise;
