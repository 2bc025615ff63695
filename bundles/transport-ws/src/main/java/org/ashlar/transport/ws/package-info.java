/** Carries the bytes between nodes over WebSocket (RFC 6455), without TLS: what it carries is encrypted already. */
package org.ashlar.transport.ws;
