/** Routes messages; starts and stops processes. */
package org.ashlar.kernel;
