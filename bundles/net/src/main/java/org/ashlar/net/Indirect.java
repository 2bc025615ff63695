package org.ashlar.net;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does that only routers lead to (reference-modules 1.9): it keeps a connection to each of its routers, and when
 * one of them says that somebody asks for this node, it calls back through it. Any thread may call.
 */
final class Indirect {
    private static final Logger LOG = LoggerFactory.getLogger(Indirect.class);

    private final Network network;
    private final Dialler dialler;
    private final AddressBook book;
    private final List<String> routers;
    private final Set<String> calling = ConcurrentHashMap.newKeySet();
    private long lastLook;

    /** @param routers the nodes that lead others to this one */
    Indirect(Network network, Dialler dialler, AddressBook book, List<String> routers) {
        this.network = network;
        this.dialler = dialler;
        this.book = book;
        this.routers = routers;
        lastLook = network.machine().nanos() - Limits.ROUTER_LOOK.toNanos();
    }

    List<String> routers() {
        return routers;
    }

    /** Whether {@code name} is to lead others to this node. */
    boolean isRouter(String name) {
        return routers.contains(name);
    }

    /** Sees to it that there is a connection to each router. To be called about once a second, by one thread. */
    void keep(long now) {
        if (now - lastLook < Limits.ROUTER_LOOK.toNanos()) {
            return;
        }
        lastLook = now;
        routers.stream().filter(router -> book.find(router).isPresent()).map(network::peer).forEach(peer -> peer.dialling().keep());
    }

    /** A router says that {@code caller} asks for this node. Not heeded of others than routers, or for whom nobody knows. */
    void asked(String router, String caller) {
        if (!isRouter(router) || book.find(caller).isEmpty() || calling.size() >= Limits.CALLING || !calling.add(caller)) {
            LOG.debug("{} says that {} asks for this node, which is not heeded", router, caller);
            return;
        }
        network.machine().start("call-" + caller, () -> {
            try {
                dialler.callBack(router, caller);
            } catch (IOException e) {
                LOG.debug("{} was not called back through {}", caller, router, e);
            } finally {
                calling.remove(caller);
            }
        });
    }
}
