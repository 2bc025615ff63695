/**
 * Backup repositories in the public restic format, version 2: written and read, over any {@link
 * org.ashlar.api.backup.BackupTarget}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.repository;
