/** Runs the library of backups by itself, in a JVM of its own, as a stock {@code restic} runs. */
package org.ashlar.bench.backup;
