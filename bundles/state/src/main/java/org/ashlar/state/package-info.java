/** System process state:distro:sys. */
package org.ashlar.state;
