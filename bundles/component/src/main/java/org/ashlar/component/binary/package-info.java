/**
 * The component binary format (Component Model, {@code Binary.md}): bytes to definitions, by syntax alone. Nothing here
 * knows what an index refers to.
 */
package org.ashlar.component.binary;
