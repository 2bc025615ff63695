/** The node's name and key. */
package org.ashlar.identity;
