/** The directory that a node runs for others, and the use of such a one. */
package org.ashlar.directory;
