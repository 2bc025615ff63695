package org.ashlar.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelResponse;

/** A probe that is being described. Unless told otherwise it is public, holds nothing and ends with its run. */
final class NewProbe {
    private final TestNode node;
    private final Address address;
    private final List<Capability> capabilities = new ArrayList<>();
    private ProbeComponent component = ProbeComponent.PLAIN;
    private OnExit onExit = OnExit.NONE;
    private boolean isPublic = true;

    NewProbe(TestNode node, Address address) {
        this.node = node;
        this.address = address;
    }

    /** With the commands for WASI. */
    NewProbe wasi() {
        component = ProbeComponent.WASI;
        return this;
    }

    /** Only those that hold the capability may message it. */
    NewProbe closed() {
        isPublic = false;
        return this;
    }

    NewProbe holding(Capability... held) {
        capabilities.addAll(List.of(held));
        return this;
    }

    NewProbe onExit(OnExit then) {
        onExit = then;
        return this;
    }

    /** What it does in each run before it receives anything. */
    NewProbe startingWith(Script script) {
        component = component.startingWith(script);
        return this;
    }

    /** Makes it, without running it. */
    Probe initialized() {
        Probe probe = new Probe(address);
        byte[] bytes = component.bytes();
        String path = node.file(address.process().process() + ".wasm", bytes);
        Definition definition = new Definition(address.process(), path.substring(1), Optional.of(1L), onExit, capabilities, isPublic);
        assertEquals(new KernelResponse.InitializedProcess(),
                node.command(new KernelCommand.InitializeProcess(definition), bytes));
        return probe;
    }

    /** Makes it and lets it run. */
    Probe running() {
        Probe probe = initialized();
        run(node, probe);
        return probe;
    }

    static void run(TestNode node, Probe probe) {
        assertEquals(new KernelResponse.StartedProcess(), node.command(new KernelCommand.RunProcess(probe.id())));
    }
}
