package org.ashlar.noise;

/** How the bytes of a session are framed: it depends on what carries them (reference-modules 1.6, 1.7). */
public enum Wire {
    /** A stream of bytes. What comes in may be cut anywhere; what goes out is best written in one piece. */
    TCP,
    /** Binary WebSocket messages. What comes in is one of them, whole; what goes out is one each. */
    WEBSOCKET
}
