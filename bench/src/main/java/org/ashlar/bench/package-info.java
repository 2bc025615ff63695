/** Starts nodes with the real command, has them measured, and makes a table of it. Uses the JDK alone. */
package org.ashlar.bench;
