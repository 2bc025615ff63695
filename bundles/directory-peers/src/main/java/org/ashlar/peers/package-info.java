/** The nodes that the person who runs this one has written down. */
package org.ashlar.peers;
