/** Carries the bytes between nodes over TCP. */
package org.ashlar.transport.tcp;
