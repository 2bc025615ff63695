/** Technology compatibility kits: what every provider of an SPI must pass. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.tck;
