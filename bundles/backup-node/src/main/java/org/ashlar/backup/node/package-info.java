/** Backups on another node, and for other nodes on this one. */
package org.ashlar.backup.node;
