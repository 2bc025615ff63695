/** Drives and files; system process vfs:distro:sys. */
package org.ashlar.vfs;
