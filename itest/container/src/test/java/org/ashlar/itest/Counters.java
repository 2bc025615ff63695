package org.ashlar.itest;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.KernelCommand;

/** Counters of {@code itest/swap} that talk in a ring: each sends to the next. */
final class Counters {
    static final ProcessId SELF = ProcessId.parse("itest:test:sys");
    /** What the guests do: some wait for mail most of the time, some await, some chat without a pause. */
    private static final List<String> ROLES = List.of("pinger 20", "awaiter 20", "holder 20", "pinger 1");
    private static final Address KERNEL = Address.parse("our@kernel:distro:sys");
    private static final int SECONDS = 60;

    private final Kernel kernel;
    private final PackageId owner;
    private final List<ProcessId> ids = new ArrayList<>();
    private Optional<ProcessId> peer = Optional.empty();
    private final Map<ProcessId, Set<Capability>> held = new HashMap<>();

    /** Makes {@code count} of them, in a package of their own; they wait to {@link #begin}. */
    Counters(Kernel kernel, byte[] component, String name, int count) throws Exception {
        this.kernel = kernel;
        this.owner = PackageId.parse(name + ":itest");
        for (int i = 0; i < count; i++) {
            ids.add(ProcessId.of("counter-" + i, owner));
        }
        List<CompletableFuture<Answer>> made = new ArrayList<>();
        for (ProcessId id : ids) {
            made.add(ask(KERNEL, Request.of(new KernelCommand.InitializeProcess(new KernelCommand.Definition(id,
                    name + ":itest/pkg/counter.wasm", Optional.of(1L), OnExit.RESTART, List.of(Capability.messaging(new Address(Address.OUR, SELF))), true)).encode()),
                    Optional.of(Blob.of(component))));
        }
        all(made);
        all(ids.stream().map(id -> ask(KERNEL, Request.of(new KernelCommand.RunProcess(id).encode()), Optional.empty()))
                .toList());
    }

    /** They are to send to that system process instead of to each other. */
    Counters talkingTo(ProcessId process) {
        peer = Optional.of(process);
        return this;
    }

    private String role(int index) {
        return peer.isPresent() ? "pinger 5" : ROLES.get(index % ROLES.size());
    }

    private int hours(int index) {
        return role(index).startsWith("holder") ? 1 : 0;
    }

    void begin() throws Exception {
        List<CompletableFuture<Answer>> begun = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            begun.add(say(ids.get(i), "begin " + role(i) + " our@" + peer.orElse(ids.get((i + 1) % ids.size()))));
        }
        all(begun);
        status().forEach(status -> held.put(status.id(), new HashSet<>(status.capabilities())));
    }

    /** What the kernel knows of them, in their order. */
    List<ProcessStatus> status() {
        Map<ProcessId, ProcessStatus> known = new HashMap<>();
        kernel.processes().forEach(status -> known.put(status.id(), status));
        return ids.stream().map(known::get).toList();
    }

    /** Lets them come to rest. */
    void stop() throws Exception {
        all(ids.stream().map(id -> say(id, "stop")).toList());
        DeployFolder.await("all that was sent is answered, but for the timers of an hour", () -> {
            List<ProcessStatus> status = status();
            for (int i = 0; i < ids.size(); i++) {
                if (status.get(i).awaiting() != hours(i) || status.get(i).unanswered() != 0 || status.get(i).mailboxMessages() != 0) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Each Request got exactly one answer and none a send error; nothing was lost or doubled, and each still holds what it held. */
    void assertNothingLostOrDoubled() throws Exception {
        List<Map<String, Long>> reports = new ArrayList<>();
        for (CompletableFuture<Answer> each : ids.stream().map(id -> say(id, "report")).toList()) {
            reports.add(parse(new String(each.get(SECONDS, TimeUnit.SECONDS).response().body(), StandardCharsets.UTF_8)));
        }
        for (int i = 0; i < ids.size(); i++) {
            Map<String, Long> mine = reports.get(i);
            Map<String, Long> peers = reports.get((i + 1) % ids.size());
            String what = ids.get(i) + " " + mine + ", its peer " + peers;
            assertEquals(what, mine.get("sent"), mine.get("answered"));
            assertEquals(what, peer.isPresent() ? 0L : mine.get("sent"), (long) peers.get("taken"));
            assertEquals(what, mine.get("taken"), mine.get("responded"));
            assertEquals(what, mine.get("timers") - hours(i), (long) mine.get("fired"));
            for (String none : List.of("failed", "wrong", "astray", "broken")) {
                assertEquals(none + ": " + what, 0L, (long) mine.get(none));
            }
        }
        status().forEach(status -> assertEquals(status.id() + " holds", held.get(status.id()), new HashSet<>(status.capabilities())));
        System.out.println(owner + ": " + reports.stream().mapToLong(each -> each.get("sent")).sum() + " Requests of "
                + ids.size() + " guests to " + peer.map(Object::toString).orElse("each other") + ", " + reports.stream().mapToLong(each -> each.get("timers")).sum()
                + " to the timer, all answered once");
    }

    /** How long they were away when they last gave way, in milliseconds, sorted. */
    List<Double> pauses() {
        return status().stream().flatMap(status -> status.lastPause().stream()).map(Duration::toNanos)
                .map(nanos -> nanos / 1e6).sorted().toList();
    }

    void kill() throws Exception {
        all(ids.stream().map(id -> ask(KERNEL, Request.of(new KernelCommand.KillProcess(id).encode()), Optional.empty()))
                .toList());
    }

    CompletableFuture<Answer> say(ProcessId id, String text) {
        return ask(new Address(Address.OUR, id), Request.of(text), Optional.empty());
    }

    ProcessId id(int index) {
        return ids.get(index);
    }

    private CompletableFuture<Answer> ask(Address target, Request request, Optional<Blob> blob) {
        return kernel.ask(SELF, target, request.expecting(SECONDS), blob).toCompletableFuture();
    }

    private static void all(List<CompletableFuture<Answer>> asked) throws Exception {
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(asked.stream().filter(each -> !each.isDone()).count() + " of " + asked.size()
                    + " Requests are not answered within " + SECONDS + " s");
        }
    }

    private static Map<String, Long> parse(String report) {
        Map<String, Long> counts = new HashMap<>();
        Arrays.stream(report.strip().split(" ")).map(each -> each.split("="))
                .forEach(each -> counts.put(each[0], Long.valueOf(each[1])));
        return counts;
    }
}
