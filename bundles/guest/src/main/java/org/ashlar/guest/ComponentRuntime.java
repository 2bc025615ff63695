package org.ashlar.guest;

import java.util.Optional;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;

/** Runs components on the engines that are there. */
final class ComponentRuntime implements GuestRuntime {
    private final Programs programs;

    ComponentRuntime(Programs programs) {
        this.programs = programs;
    }

    @Override
    public String name() {
        return "guest";
    }

    @Override
    public GuestProgram load(byte[] component, Optional<String> engine) throws GuestException {
        return programs.load(component, engine);
    }

    @Override
    public Optional<GuestProgram> loaded(byte[] component, Optional<String> engine) {
        return programs.loaded(component, engine).map(program -> program);
    }
}
