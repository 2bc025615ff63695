package org.ashlar.sim;

import java.util.List;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;

/**
 * What a process on a simulated node is made of.
 *
 * @param id          its name
 * @param script      what it does
 * @param onExit      what happens when it ends; only with {@link OnExit#RESTART} does it come back when its node starts again
 * @param isPublic    whether any process of its node may message it
 * @param isNetworked whether it may send to other nodes and hear from them
 * @param given       capabilities it begins with
 */
public record Guest(ProcessId id, Script script, OnExit onExit, boolean isPublic, boolean isNetworked, List<Capability> given) {
    public Guest {
        given = List.copyOf(given);
    }

    /** A public process with the network capability that is started again whenever it ends. */
    public static Guest of(String id, Script script) {
        return new Guest(ProcessId.parse(id), script, OnExit.RESTART, true, true, List.of());
    }

    public Guest onExit(OnExit then) {
        return new Guest(id, script, then, isPublic, isNetworked, given);
    }

    /** One that only those may message that hold the capability for it. */
    public Guest notPublic() {
        return new Guest(id, script, onExit, false, isNetworked, given);
    }

    /** One that neither sends to other nodes nor hears from them. */
    public Guest local() {
        return new Guest(id, script, onExit, isPublic, false, given);
    }

    public Guest given(Capability... capabilities) {
        return new Guest(id, script, onExit, isPublic, isNetworked, List.of(capabilities));
    }
}
