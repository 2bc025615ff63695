/** What the network stands on: what carries bytes between nodes, and who knows where nodes are. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.api.net;
