package org.ashlar.component.binary;

import java.util.List;

/** A component as its binary form says: nothing resolved, nothing checked. */
public record ComponentSyntax(List<Definition> definitions) { }
