package org.ashlar.codec;

/**
 * What is known of a node (reference-modules 1.4, {@code Identity}).
 *
 * @param name  its name
 * @param key   its networking key, hex digits after {@code 0x} or not; not judged here
 * @param route how it is reached
 */
public record NodeRecord(String name, String key, NodeRoute route) { }
