/** Messages between nodes: peers, connections, and the system process {@code net:distro:sys}. */
package org.ashlar.net;
