/** The {@code ashlar} command: boots a node from a feature file, or carries a command to one that runs. */
package org.ashlar.launcher;
