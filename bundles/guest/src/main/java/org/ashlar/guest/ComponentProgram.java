package org.ashlar.guest;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestException.Phase;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestStopped;
import org.ashlar.api.process.GuestTrap;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmInterrupted;
import org.ashlar.api.wasm.WasmTrap;
import org.ashlar.component.ComponentException;
import org.ashlar.component.ComponentFunction;
import org.ashlar.component.ComponentInstance;
import org.ashlar.component.ComponentTrap;
import org.ashlar.component.LinkedComponent;
import org.ashlar.guest.NodeMemory.ProcessMemory;
import org.ashlar.wasi.TailBuffer;
import org.ashlar.wasi.WasiContext;
import org.ashlar.wasi.WasiExit;

/** A component that was compiled and linked to the guest world. */
final class ComponentProgram implements GuestProgram {
    /** What tells a guest where its scratch drive is. */
    private static final String SCRATCH_VARIABLE = "TEMP_DIR";

    /** For all guests: making one costs more than most guests take from it. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Programs programs;
    private final String digest;
    private final Engine engine;
    private final LinkedComponent<Run> component;
    private final boolean usesFiles;
    private final Surroundings surroundings;
    private volatile boolean hasRun;

    /**
     * @param digest    of the component's bytes
     * @param usesFiles whether it imports what a scratch drive is seen through
     */
    ComponentProgram(Programs programs, String digest, Engine engine, LinkedComponent<Run> component, boolean usesFiles,
                     Surroundings surroundings) {
        this.programs = programs;
        this.digest = digest;
        this.engine = engine;
        this.component = component;
        this.usesFiles = usesFiles;
        this.surroundings = surroundings;
    }

    @Override
    public String runtime() {
        return engine.name();
    }

    @Override
    public boolean isThere() {
        return engine.isThere();
    }

    @Override
    public boolean current(Optional<String> wanted) {
        return programs.isFor(digest, engine, wanted);
    }

    @Override
    public Optional<String> passedOver() {
        return programs.failure(digest);
    }

    @Override
    public void rehearse(Address our) throws GuestException {
        try {
            if (!hasRun) {
                run(new Rehearsal(our));
            }
        } catch (GuestStopped e) {
            return; // where it would do something, or wait for something
        } catch (GuestException e) {
            if (e.phase() == Phase.ABSENT) {
                throw e; // whatever else it met: it may come further with what it really has
            }
        }
    }

    @Override
    public void run(GuestHost host) throws GuestException {
        TailBuffer stderr = new TailBuffer(TailBuffer.CRASH_REPORT);
        try (ProcessMemory memory = surroundings.memory().forRun(surroundings.memoryLimit(), () -> full(host));
                WasiContext wasi = wasi(host, stderr)) {
            Run run = Run.of(host, surroundings.blobs(), wasi, engine);
            ComponentFunction init = instantiate(run, memory, stderr).function("init").orElseThrow();
            hasRun = true;
            init(init, host.our().toString(), stderr);
        } catch (WasmInterrupted e) {
            throw new GuestStopped("interrupted");
        } catch (GuestStopped e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (engine.failed(e)) {
                throw new GuestException(Phase.ABSENT, engine.name() + " fails: " + e, e);
            }
            throw e;
        }
    }

    private void full(GuestHost host) {
        host.print(0, "no more memory: the guests of this node have the " + surroundings.memory().limit() + " bytes that they"
                + " may have together (memory.total in the configuration, docs/limits.md)");
    }

    private WasiContext wasi(GuestHost host, TailBuffer stderr) {
        WasiContext.Builder context = WasiContext.builder().stderr(stderr).fileExecutor(surroundings.files())
                .random(RANDOM);
        Optional<Path> scratch = usesFiles ? host.scratch() : Optional.empty();
        scratch.ifPresent(folder -> context.environment(SCRATCH_VARIABLE, folder.toString())
                .preopen(folder.toString(), surroundings.drives().at(folder)));
        return context.build();
    }

    private ComponentInstance instantiate(Run run, MemoryBudget memory, TailBuffer stderr) throws GuestException {
        try {
            return component.instantiate(run, memory, fuel(run));
        } catch (ComponentException e) {
            throw new GuestException(Phase.START, e.getMessage(), stderr.text(), e);
        } catch (WasmTrap | ComponentTrap | GuestTrap | WasiExit e) {
            throw new GuestException(Phase.START, "it trapped before init was called: " + e.getMessage(), stderr.text(), e);
        }
    }

    private static Fuel fuel(Run run) {
        return used -> {
            run.stack().ensure();
            return run.host().fuel(used);
        };
    }

    private static void init(ComponentFunction init, String our, TailBuffer stderr) throws GuestException {
        try {
            init.call(our);
        } catch (WasiExit e) {
            if (!e.success()) {
                throw new GuestException(Phase.TRAP, e.getMessage(), stderr.text(), e);
            }
        } catch (WasmTrap e) {
            throw new GuestException(Phase.TRAP, "it trapped: " + e.getMessage(), stderr.text(), e);
        } catch (ComponentTrap | GuestTrap | ComponentException e) {
            throw new GuestException(Phase.TRAP, e.getMessage(), stderr.text(), e);
        }
    }
}
