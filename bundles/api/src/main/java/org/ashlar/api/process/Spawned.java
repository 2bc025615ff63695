package org.ashlar.api.process;

import org.ashlar.api.message.ProcessId;

/** How a spawn ended. */
public sealed interface Spawned {
    /** The child runs. */
    record Child(ProcessId id) implements Spawned { }

    /** The name is taken; the process that has it notices nothing. */
    record NameTaken() implements Spawned { }

    /** There is no component at the path, or the parent may not read it. */
    record NoFileAtPath() implements Spawned { }
}
