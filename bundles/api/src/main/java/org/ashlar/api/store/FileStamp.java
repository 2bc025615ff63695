package org.ashlar.api.store;

import java.time.Instant;

/**
 * Tells whether a file is still what it was: as long as its stamp is equal, so is its content.
 *
 * @param device  of the file system it lies on
 * @param file    its number there
 * @param length  in bytes
 * @param changed when its content or its attributes were last changed, by the clock of that file system
 */
public record FileStamp(long device, long file, long length, Instant changed) { }
