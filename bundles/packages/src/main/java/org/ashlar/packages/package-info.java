/** Installs, updates and removes packages. */
package org.ashlar.packages;
