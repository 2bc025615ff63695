/** The node's log: SLF4J's provider, its file and its lines. */
package org.ashlar.logging;
