/** Runs on a node that is measured: makes guests, lets them work, and answers with what they took. */
package org.ashlar.bench.driver;
