/** Nodes whose cards are in DNS. */
package org.ashlar.dns;
