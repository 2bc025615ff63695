/**
 * The control protocol: how a command reaches a running node over its Unix domain socket. {@code launcher/README.md}
 * documents it; the terminal bundle carries its own copy of these classes.
 */
package org.ashlar.control;
