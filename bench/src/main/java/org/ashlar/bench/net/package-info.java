/** What measures the network outside of a node, in JVMs of its own: rivals, handshakes without a network, and a crowd of nodes that say nothing. */
package org.ashlar.bench.net;
