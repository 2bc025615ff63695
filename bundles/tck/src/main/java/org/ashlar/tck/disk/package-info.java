/** A disk of ours that forgets what was not synced. */
package org.ashlar.tck.disk;
