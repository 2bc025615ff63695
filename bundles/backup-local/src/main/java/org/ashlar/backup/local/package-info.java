/** A backup target that is a folder. */
package org.ashlar.backup.local;
