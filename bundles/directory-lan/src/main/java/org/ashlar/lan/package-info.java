/** Nodes on the same network. */
package org.ashlar.lan;
