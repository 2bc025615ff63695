package org.ashlar.itest;

import static org.ashlar.itest.DeployFolder.NEXT;
import static org.ashlar.itest.DeployFolder.await;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.NetCommand;
import org.ashlar.codec.NetReport;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The transports of this node are replaced while its processes and those of another node, a process of its own, send each other
 * numbered Requests. The processes themselves see whether each number comes once, in order, and each answer.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class TransportSwapIT {
    private static final String READY = "(osgi.condition.id=org.ashlar.ready)";
    private static final ProcessId TERMINAL = ProcessId.parse("terminal:terminal:sys");
    private static final Address NET = Address.parse("our@net:distro:sys");
    private static final Address KERNEL = Address.parse("our@kernel:distro:sys");
    private static final String PARTNER = "partner.os";
    /** Which streams, and which answers, on both nodes. */
    private static final String STREAMS = "streams:probe:itest";
    private static final String SERVES = "serves:probe:itest";
    private static final boolean ALL = Boolean.getBoolean("ashlar.all");
    /** Requests in each of the two directions. */
    private static final int COUNT = ALL ? 200_000 : 15_000;
    private static final int SWAPS = 4;
    private static final int SECONDS = 300;

    @Inject
    private BundleContext context;
    @Inject
    private Kernel kernel;
    private DeployFolder folder;
    private Partner partner;

    @Configuration
    public Option[] configure() throws Exception {
        Path home = Files.createDirectories(Path.of(System.getProperty("itest.dir"))).toRealPath();
        Path fresh = Files.createTempDirectory(home, "home");
        Files.createDirectories(fresh.resolve("deploy"));
        return new Option[] {NodeProvisioning.node(fresh),
            frameworkProperty("itest.probe").value(Path.of(System.getProperty("ashlar.root"), "itest/probe/probe.wasm").toRealPath().toString())};
    }

    @Before
    public void twoNodesKnowEachOther() throws Exception {
        folder = new DeployFolder(context);
        await("the node is ready", () -> context.getServiceReferences((String) null, READY) != null);
        Path home = Path.of(context.getProperty("ashlar.home"));
        partner = Partner.start(home.resolveSibling(home.getFileName() + "-partner"), PARTNER, List.of("streams", "serves"));
        ask(NET, new NetCommand.Add(partner.ok("card").strip(), false).encode());
        partner.ok("peer", "add", card());
        for (String probe : List.of(STREAMS, SERVES)) {
            startProbe(ProcessId.parse(probe));
        }
    }

    @After
    public void nothingIsLeft() throws Exception {
        folder.clear();
        if (partner != null) {
            partner.close();
        }
    }

    @Test
    public void eitherTransportIsReplacedUnderTrafficAndNothingIsLostDoubledOrOvertaken() throws Exception {
        replacedUnderTraffic("tcp");
        onlyWebSocketIsLeft();
        replacedUnderTraffic("ws");
    }

    /** A net that never saw TCP: with it there, a node that lists a TCP port is reached by TCP alone. */
    private void onlyWebSocketIsLeft() throws Exception {
        Bundle net = folder.first("net");
        net.stop();
        folder.first("transport-tcp").stop();
        net.start();
        await("this node lists no TCP port", () -> !card().contains(" tcp://") && card().contains(" ws://"));
        partner.ok("peer", "add", card());
    }

    private void replacedUnderTraffic(String protocol) throws Exception {
        String part = "transport-" + protocol;
        say(SERVES, "!serve;note text=serves");
        partner.ok("m", "our@" + SERVES, "!serve");
        say(STREAMS, "!clear;" + stream(PARTNER));
        partner.ok("m", "our@" + STREAMS, "!clear;" + stream(context.getProperty("ashlar.name")));
        await("they talk over " + protocol, () -> over().stream().anyMatch(each -> each.startsWith(protocol + "://")));
        Bundle first = folder.first(part);
        int swaps = 0;
        boolean ended = false;
        while (swaps < SWAPS || !ended) {
            swap(part, first, swaps++);
            ended = ended || haveEnded();
        }
        await("all have been answered", this::haveEnded);
        assertServed(new String(ask(our(SERVES), bytes("!clear;served;report")).response().body(), StandardCharsets.UTF_8));
        assertServed(partner.ask(SERVES, "!clear;served;report"));
        System.out.println(2 * COUNT + " Requests over " + protocol + ", replaced " + swaps + " times: all answered once, in order");
    }

    /** By the deploy folder, by an update in place, and by going away before it comes back. */
    private void swap(String part, Bundle first, int round) throws Exception {
        switch (round % 3) {
            case 0 -> {
                folder.deploy(folder.variant(part, manifest -> { }));
                await("the next " + part + " is in use", () -> folder.active(part).equals(List.of(NEXT)));
                folder.remove(part);
                await("the first " + part + " is back", () -> folder.active(part).size() == 1 && !folder.active(part).contains(NEXT));
            }
            case 1 -> first.update();
            default -> {
                first.stop();
                first.start();
            }
        }
    }

    /** Whether both streams have, and as they must. */
    private boolean haveEnded() throws Exception {
        String here = new String(ask(our(STREAMS), bytes("!report keep")).response().body(), StandardCharsets.UTF_8);
        String there = partner.ask(STREAMS, "!report keep");
        String whole = "streamed answered=" + COUNT + " failed=0 wrong=0\n";
        for (String journal : List.of(here, there)) {
            assertTrue(journal, !journal.contains("streamed ") || journal.contains(whole));
        }
        return here.contains(whole) && there.contains(whole);
    }

    private static void assertServed(String journal) {
        assertTrue(journal, journal.contains("served requests=" + COUNT + " astray=0\n"));
    }

    private static String stream(String node) {
        return "stream to=" + node + "@" + SERVES + " count=" + COUNT + " window=64 expects=" + SECONDS;
    }

    /** How this node is connected with others: address by address. */
    private List<String> over() throws Exception {
        return NetReport.parse(ask(NET, new NetCommand.Peers().encode()).response().body()) instanceof NetReport.Peers peers
                ? peers.peers().stream().map(NetReport.PeerReport::over).toList() : List.of();
    }

    private String card() throws Exception {
        NetReport report = NetReport.parse(ask(NET, new NetCommand.Card().encode()).response().body());
        assertTrue(report.toString(), report instanceof NetReport.Lines);
        return ((NetReport.Lines) report).lines().getFirst();
    }

    private void startProbe(ProcessId id) throws Exception {
        List<Capability> rights = List.of(new Capability(KERNEL, Capability.NETWORK));
        Request made = Request.of(new KernelCommand.InitializeProcess(new KernelCommand.Definition(id, id.packageId() + "/pkg/probe.wasm",
                Optional.of(1L), OnExit.RESTART, rights, true)).encode());
        byte[] component = Files.readAllBytes(Path.of(context.getProperty("itest.probe")));
        ended(kernel.ask(TERMINAL, KERNEL, made.expecting(SECONDS), Optional.of(Blob.of(component))));
        ask(KERNEL, new KernelCommand.RunProcess(id).encode());
    }

    private static Address our(String process) {
        return new Address(Address.OUR, ProcessId.parse(process));
    }

    /** Sends a script that is answered by nobody. */
    private void say(String process, String script) {
        kernel.tell(TERMINAL, our(process), Request.of(script), Optional.empty());
    }

    private Answer ask(Address target, byte[] body) throws Exception {
        return ended(kernel.ask(TERMINAL, target, Request.of(body).expecting(SECONDS), Optional.empty()));
    }

    private static Answer ended(CompletionStage<Answer> asked) throws Exception {
        return asked.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
