/**
 * Makes {@code docs/conformance.md} out of a run: a test whose display name begins with the number of a case is a case,
 * the rest of the name is its sentence.
 */
package org.ashlar.conformance.document;
