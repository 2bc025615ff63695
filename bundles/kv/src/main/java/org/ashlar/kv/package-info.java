/** System process kv:distro:sys. */
package org.ashlar.kv;
