package org.ashlar.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.api.service.Providers;
import org.ashlar.control.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Timeout(60)
class MovesTest {
    /** How often the processes were looked at. */
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void processesAreWaitedForThatAreSeenToMoveOnlyAMomentLater() throws Exception {
        String said = said(10);
        assertTrue(said.contains("1 processes were started again; away for p50 7.0 ms"), said);
        assertFalse(said.contains("staying"), said);
    }

    @Test
    @EnabledIfSystemProperty(named = "ashlar.all", matches = "true")
    void oneThatStaysIsWaitedForThatMomentOnlyAndNamed() throws Exception {
        assertEquals("staying where they are (\"ashlar log\" says why): one:test:sys\n", said(Integer.MAX_VALUE).replaceAll("0 of 1 have moved\n", ""));
    }

    /** What a person is told of a process that has moved when it is looked at for the {@code then}th time. */
    private String said(int then) throws Exception {
        Providers<Kernel> kernels = new Providers<>();
        kernels.add((Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, (proxy, method, arguments) ->
                method.getName().equals("processes") ? List.of(process(looks.incrementAndGet() >= then ? 1 : 0)) : method.invoke(this, arguments)), 0);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> read(client));
            try (Session session = new Session(server.accept())) {
                Moves moves = new Moves(new Parts(new NodeView(null, kernels, null)));
                moves.await(session);
                moves.report(session);
            }
            return read.get(30, TimeUnit.SECONDS);
        }
    }

    private static ProcessStatus process(int restarts) {
        return new ProcessStatus(ProcessId.parse("one:test:sys"), ProcessStatus.Kind.GUEST, ProcessStatus.State.RUNNING, true, OnExit.RESTART,
                Optional.of("chicory"), Optional.empty(), false, Optional.empty(), restarts, Optional.of(Duration.ofMillis(7)),
                Optional.empty(), 0, 0, 0, 0, 0, 0, 0, List.of());
    }

    private static String read(SocketChannel client) {
        StringBuilder said = new StringBuilder();
        try {
            DataInputStream in = new DataInputStream(Channels.newInputStream(client));
            for (Optional<Frame> frame = Frame.read(in); frame.isPresent(); frame = Frame.read(in)) {
                said.append(new String(frame.get().payload(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            said.append(e);
        }
        return said.toString();
    }
}
