package org.ashlar.process;

/**
 * What {@link Process#receive} returns: a {@link Request} to work on, the {@link Response} to one of our own
 * requests, or the {@link SendError} that says why there will be none. A {@code switch} over the three needs no
 * default.
 */
public sealed interface Mail permits Message, SendError {
}
