/**
 * Identifiers and messages: the values that processes, system modules and nodes exchange.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.api.message;
