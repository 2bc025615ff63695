/** Objects on a server that is reached over HTTP: where it is, whom it trusts, what its answers mean. Copied into each bundle that needs it. */
package org.ashlar.http;
