/** The types of the component model, resolved: no indices, no names of type definitions. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.component.type;
