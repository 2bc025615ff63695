/** A backup target that is a folder on an SSH server. */
package org.ashlar.backup.sftp;
