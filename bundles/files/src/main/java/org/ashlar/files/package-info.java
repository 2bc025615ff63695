/** Folders in a node's home: locked, private to their owner, durable. Copied into each bundle that needs it. */
package org.ashlar.files;
