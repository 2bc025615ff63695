package org.ashlar.sim;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.GuestStopped;

/** Runs scripts in the place of components, under the eyes of the {@link Invariants}. */
final class ScriptRuntime implements GuestRuntime {
    private final Map<String, Script> scripts;
    private final Invariants invariants;
    private final SimMachine machine;

    ScriptRuntime(Map<String, Script> scripts, Invariants invariants, SimMachine machine) {
        this.scripts = scripts;
        this.invariants = invariants;
        this.machine = machine;
    }

    @Override
    public String name() {
        return "script";
    }

    @Override
    public GuestProgram load(byte[] component, Optional<String> engine) throws GuestException {
        Script script = scripts.get(new String(component, StandardCharsets.UTF_8));
        if (script == null) {
            throw new GuestException(GuestException.Phase.INVALID, "there is no script for it", null);
        }
        return new Program(script);
    }

    @Override
    public Optional<GuestProgram> loaded(byte[] component, Optional<String> engine) {
        return Optional.empty();
    }

    private final class Program implements GuestProgram {
        private final Script script;

        private Program(Script script) {
            this.script = script;
        }

        @Override
        public String runtime() {
            return name();
        }

        @Override
        public boolean isThere() {
            return true;
        }

        @Override
        public boolean current(Optional<String> engine) {
            return true;
        }

        @Override
        public Optional<String> passedOver() {
            return Optional.empty();
        }

        @Override
        public void rehearse(Address our) { }

        @Override
        public void run(GuestHost host) throws GuestException {
            WatchedHost watched = new WatchedHost(host, invariants, machine);
            try {
                script.run(watched);
            } catch (GuestStopped | Violation e) {
                throw e;
            } catch (RuntimeException | Error e) {
                throw new GuestException(GuestException.Phase.TRAP, String.valueOf(e.getMessage()), e);
            } finally {
                watched.ended();
            }
        }
    }
}
