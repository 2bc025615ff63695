/** Databases of packages on SQLite. Copied into each bundle that offers them to processes. */
package org.ashlar.databases;
