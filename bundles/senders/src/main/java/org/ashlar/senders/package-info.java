/** What system processes need to do for those who ask them. Copied into each bundle that needs it. */
package org.ashlar.senders;
