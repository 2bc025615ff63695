/** The state store, on SQLite. */
package org.ashlar.sqlite;
