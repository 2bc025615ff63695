/** Processes that the tests compile and run. */
package org.ashlar.maven.guest;
