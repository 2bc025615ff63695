/** Line editor, commands and the control socket. */
package org.ashlar.terminal;
