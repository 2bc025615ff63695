/** The node's side of the {@code ashlar} command: the control socket, the commands, and what processes print. */
package org.ashlar.terminal;
