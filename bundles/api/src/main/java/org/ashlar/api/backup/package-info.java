/**
 * Where backups are kept: the contract of a target.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.api.backup;
