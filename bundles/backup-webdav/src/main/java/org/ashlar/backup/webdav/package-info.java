/** A backup target on a WebDAV server. */
package org.ashlar.backup.webdav;
