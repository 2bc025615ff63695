/** System process sqlite:distro:sys. */
package org.ashlar.sql;
