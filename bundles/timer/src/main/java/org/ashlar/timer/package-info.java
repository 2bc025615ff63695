/** System process timer:distro:sys. */
package org.ashlar.timer;
