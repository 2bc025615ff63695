/** A disk of ours that forgets what was not synced. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.tck.disk;
