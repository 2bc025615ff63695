/**
 * Where things are kept: durable state, files, and the snapshot that shows both at one instant.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.api.store;
