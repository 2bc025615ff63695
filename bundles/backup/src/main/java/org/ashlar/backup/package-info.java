/** Backups of the node: snapshots of one moment, stored on every target, checked, and brought back. */
package org.ashlar.backup;
