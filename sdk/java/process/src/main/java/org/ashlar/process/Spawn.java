package org.ashlar.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A child about to be started. {@link Process#spawn} begins one, {@link #start} ends it. */
public final class Spawn {

    /** The capability {@code params} that the child issues goes to {@code holder}. */
    record Grant(ProcessId holder, String params) {
    }

    private final String wasmPath;
    private final List<Capability> requested = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();
    private Optional<String> name = Optional.empty();
    private OnExit onExit = OnExit.none();
    private boolean open;

    Spawn(String wasmPath) {
        this.wasmPath = Objects.requireNonNull(wasmPath, "wasmPath");
    }

    /** The child's process name; the node makes one up unless set. Only a-z, 0-9 and {@code -} are allowed. */
    public Spawn name(String processName) {
        name = Optional.of(Names.checkedName("process name", processName, processName));
        return this;
    }

    /** What happens when the child ends; nothing unless set. */
    public Spawn onExit(OnExit value) {
        onExit = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Gives the child a capability that this process holds or issues. */
    public Spawn request(Capability capability) {
        requested.add(Objects.requireNonNull(capability, "capability"));
        return this;
    }

    /** Gives {@code holder} a capability that the child issues; {@code params} is JSON text. */
    public Spawn grant(ProcessId holder, String params) {
        grants.add(new Grant(Objects.requireNonNull(holder, "holder"), Objects.requireNonNull(params, "params")));
        return this;
    }

    /** Lets every process of the node message the child. */
    public Spawn open() {
        open = true;
        return this;
    }

    /**
     * Starts the child. Parent and child may message each other.
     *
     * @return the child's address on this node
     * @throws SpawnFailedException if the name is taken, or there is no such file
     */
    public Address start() {
        return Process.start(this);
    }

    String wasmPath() {
        return wasmPath;
    }

    Optional<String> name() {
        return name;
    }

    OnExit onExit() {
        return onExit;
    }

    List<Capability> requested() {
        return requested;
    }

    List<Grant> grants() {
        return grants;
    }

    boolean isOpen() {
        return open;
    }
}
