package org.ashlar.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.message.Address;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.GuestTrap;

/** Runs guests that are written in Java: a component is the name of a script. */
final class ScriptedRuntime implements GuestRuntime {
    private final Map<String, Script> scripts;
    private volatile boolean gone;

    ScriptedRuntime() {
        this(new ConcurrentHashMap<>());
    }

    private ScriptedRuntime(Map<String, Script> scripts) {
        this.scripts = scripts;
    }

    /** Another one that knows the same scripts. */
    ScriptedRuntime successor() {
        return new ScriptedRuntime(scripts);
    }

    byte[] script(String name, Script script) {
        scripts.put(name, script);
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** From now on its component is garbage. */
    void forget(String name) {
        scripts.remove(name);
    }

    void leave() {
        gone = true;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public GuestProgram load(byte[] component, Optional<String> engine) throws GuestException {
        Script script = scripts.get(new String(component, StandardCharsets.UTF_8));
        if (script == null) {
            throw new GuestException(GuestException.Phase.INVALID, "it is no script", null);
        }
        return new GuestProgram() {
            @Override
            public String runtime() {
                return name();
            }

            @Override
            public boolean isThere() {
                return !gone;
            }

            @Override
            public boolean current(Optional<String> engine) {
                return !gone;
            }

            @Override
            public Optional<String> passedOver() {
                return Optional.empty();
            }

            @Override
            public void rehearse(Address our) { }

            @Override
            public void run(GuestHost host) throws GuestException {
                try {
                    script.run(host);
                } catch (GuestTrap e) {
                    throw new GuestException(GuestException.Phase.TRAP, e.getMessage(), e);
                }
            }
        };
    }

    @Override
    public Optional<GuestProgram> loaded(byte[] component, Optional<String> engine) {
        return Optional.empty();
    }

    interface Script {
        void run(GuestHost host);
    }
}
