/** What transports over sockets share. */
package org.ashlar.sockets;
