package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ashlar.launcher.Client;

/** Has a probe spawn children that are to outlive the node, and kills them again. */
final class Family implements Work {
    private static final int MOST = 6;

    private final String parent;
    private final Deque<String> alive = new ArrayDeque<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> doubtful = new HashSet<>();
    private long born;
    private volatile long count;

    Family(String parent) {
        this.parent = parent;
    }

    @Override
    public void goOn(Client client) {
        boolean there = true;
        while (there) {
            there = alive.size() < MOST ? spawn(client) : kill(client, alive.removeFirst());
        }
    }

    private boolean spawn(Client client) {
        String name = "child" + ++born;
        Optional<Client.Answer> answer = client.run("m", Map.of("a", "600"), "our@" + parent,
                "!spawn path=/" + ProbePackage.ID + "/pkg/probe.wasm name=" + name + " on-exit=restart public;report");
        if (answer.isPresent() && answer.get().status() == 0 && answer.get().text().contains("spawned address=")) {
            alive.addLast(name);
            count++;
        } else {
            doubtful.add(name);
        }
        return answer.isPresent();
    }

    private boolean kill(Client client, String name) {
        Optional<Client.Answer> answer = client.run("kill", Map.of(), ProbePackage.process(name));
        if (answer.isPresent()) {
            assertEquals(0, answer.get().status(), answer.get().text());
            dead.add(name);
            count++;
        } else {
            doubtful.add(name);
        }
        return answer.isPresent();
    }

    @Override
    public void check(NodeUnderTest node) throws Exception {
        Set<String> there = ProcessTable.of(node);
        for (String name : alive) {
            assertTrue(there.contains(ProbePackage.process(name)), name + " is gone; its spawn was acknowledged");
        }
        for (String name : dead) {
            assertFalse(there.contains(ProbePackage.process(name)), name + " is back; its end was acknowledged");
        }
        doubtful.stream().filter(name -> there.contains(ProbePackage.process(name))).forEach(alive::addLast);
        doubtful.clear();
        dead.clear();
        for (String name : alive) {
            assertEquals(name, node.client().run("m", Map.of("a", "600"), "our@" + ProbePackage.process(name), "!respond body=" + name)
                    .orElseThrow().text());
        }
    }

    @Override
    public long acknowledged() {
        return count;
    }
}
