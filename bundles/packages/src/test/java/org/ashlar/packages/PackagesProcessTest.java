package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.ashlar.sqlite.SqliteStateStore;
import org.ashlar.tck.RecordedReply;
import org.ashlar.vfs.Vfs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.condition.Condition;

/** Packages on real files and a real store, with {@link TableKernel} for the kernel. */
class PackagesProcessTest {
    private static final PackageId CHAT = PackageId.parse("chat:alice.os");
    private static final String MAIN = Zips.process("main", false, "\"timer:distro:sys\"", "\"http-server:distro:sys\"");
    private static final String HELPER = Zips.process("helper", true, "", "");
    private static final Zips FIRST = Zips.chat("1.0.0", MAIN).wasm("main", "one").with("pkg/ui/index.html", "one");

    @TempDir
    Path home;
    private final TableKernel kernel = new TableKernel();
    private SqliteStateStore states;
    private Vfs files;
    private PackagesProcess packages;

    @BeforeEach
    void start() {
        states = new SqliteStateStore(home);
        files = new Vfs(home);
        kernel.addSystemProcess("http-server:distro:sys");
        begin();
    }

    private void begin() {
        packages = new PackagesProcess();
        packages.addKernel(kernel, Map.of());
        packages.addFileStore(files, Map.of());
        packages.addStateStore(states, Map.of());
        packages.addReady(Condition.INSTANCE, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        packages.close();
        files.close();
        states.close();
    }

    /** The node died and comes up again. */
    private void restart() throws Exception {
        stop();
        states = new SqliteStateStore(home);
        files = new Vfs(home);
        kernel.reboot(files);
        begin();
        list();
    }

    private PackagesResponse ask(PackagesAction action, Optional<Blob> blob) {
        RecordedReply reply = new RecordedReply();
        packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys", action.encode(), blob), reply);
        return PackagesResponse.parse(reply.answer().response().body());
    }

    private PackagesResponse install(Zips zip, boolean consent) {
        return ask(new PackagesAction.Install(Optional.empty(), consent), Optional.of(Blob.of(zip.bytes())));
    }

    private List<PackageReport> list() {
        return ((PackagesResponse.Packages) ask(new PackagesAction.ListPackages(), Optional.empty())).packages();
    }

    /** Everything that an installation may change. */
    private Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>(kernel.state());
        try (Stream<Path> tree = Files.walk(home.resolve("vfs"))) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                all.put(home.relativize(file).toString(), Files.readString(file));
            }
        }
        list().forEach(report -> all.put("installed " + report.id(), report.toString()));
        states.scan("package-pending", "", (key, value) -> all.put("pending " + key, ""));
        return all;
    }

    @Test
    void storesThatFailAtTheirFirstCallAreToldOfBeforeAnythingIsBegun() throws Exception {
        List<Long> told = new ArrayList<>();
        packages.addProviderWatch((bundle, why) -> told.add(bundle));
        packages.addFileStore(broken(FileStore.class), Map.of("service.bundleid", 7L));
        packages.addStateStore(broken(StateStore.class), Map.of("service.bundleid", 8L));
        assertInstanceOf(PackagesResponse.Installed.class, install(FIRST, true));
        assertEquals(List.of(7L, 8L), told);
        assertEquals(List.of(CHAT), list().stream().map(PackageReport::id).toList());
    }

    private static <T> T broken(Class<T> service) {
        return service.cast(Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service},
                (proxy, method, arguments) -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                }));
    }

    @Test
    void anInspectionShowsAndChangesNothing() throws Exception {
        Map<String, String> before = everything();
        PackagesResponse answer = ask(new PackagesAction.Inspect(Optional.empty()), Optional.of(Blob.of(FIRST.bytes())));
        PackageReport report = assertInstanceOf(PackagesResponse.Inspected.class, answer).report();
        assertEquals(List.of("main wants to send messages to timer:distro:sys"), report.asks());
        assertEquals(Optional.empty(), report.installed());
        assertEquals(before, everything());
    }

    @Test
    void withoutConsentNothingIsInstalled() throws Exception {
        Map<String, String> before = everything();
        assertInstanceOf(PackagesResponse.ConsentNeeded.class, install(FIRST, false));
        assertEquals(before, everything());
    }

    @Test
    void anInstallationPutsFilesProcessesAndGrantsInPlace() throws Exception {
        assertInstanceOf(PackagesResponse.Installed.class, install(FIRST, true));
        assertEquals("one", new String(files.read("/chat:alice.os/pkg/ui/index.html", 100), UTF_8));
        String main = kernel.state().get("main:chat:alice.os");
        assertTrue(main.startsWith("chat:alice.os/pkg/main.wasm"), main);
        assertTrue(main.contains("a.os@timer:distro:sys(\"messaging\")") && main.contains("true mail 0"), main);
        assertTrue(kernel.state().get("http-server:distro:sys").contains("a.os@main:chat:alice.os(\"messaging\")"));
        assertEquals(List.of(CHAT), list().stream().map(PackageReport::id).toList());
        assertEquals(Optional.of("1.0.0"), list().getFirst().installed());
    }

    @Test
    void anUpdateReplacesProcessesInPlaceAndEndsThoseThatAreGone() throws Exception {
        install(Zips.chat("1.0.0", MAIN, HELPER).wasm("main", "one").wasm("helper", "one"), true);
        kernel.deliverMail("main:chat:alice.os");
        PackagesResponse answer = install(Zips.chat("1.1.0", MAIN).wasm("main", "two"), false);
        assertEquals(Optional.of("1.0.0"), assertInstanceOf(PackagesResponse.Installed.class, answer).report().installed());
        assertTrue(kernel.state().get("main:chat:alice.os").contains(" two "), kernel.state().toString());
        assertTrue(kernel.state().get("main:chat:alice.os").endsWith("mail 1"));
        assertTrue(!kernel.state().containsKey("helper:chat:alice.os"));
        assertEquals("1.1.0", list().getFirst().version());
    }

    @Test
    void anUpdateWithdrawsWhatTheNewVersionNoLongerAsksForOrGrants() throws Exception {
        String wide = MAIN.replace("\"timer:distro:sys\"", "\"timer:distro:sys\",\"net:distro:sys\"");
        install(Zips.chat("1.0.0", wide).wasm("main", "one"), true);
        kernel.ask(ProcessId.parse("test:test:sys"), kernel.address(), Request.of(new KernelCommand.GrantCapabilities(
                ProcessId.parse("main:chat:alice.os"), List.of(Capability.messaging(Address.parse("a.os@friend:b:c")))).encode()),
                Optional.empty());
        String narrow = MAIN.replace("\"http-server:distro:sys\"", "");
        assertInstanceOf(PackagesResponse.Installed.class, install(Zips.chat("1.1.0", narrow).wasm("main", "two"), false));
        String main = kernel.state().get("main:chat:alice.os");
        assertTrue(!main.contains("net:distro:sys"), "no longer asked for: " + main);
        assertTrue(main.contains("timer:distro:sys") && main.contains("friend:b:c") && main.contains("main:chat:alice.os"),
                "still asked for, and given by others: " + main);
        assertTrue(!kernel.state().get("http-server:distro:sys").contains("main:chat"), kernel.state().toString());
    }

    @Test
    void anUpdateThatFailsWithdrawsNothing() throws Exception {
        String wide = MAIN.replace("\"timer:distro:sys\"", "\"timer:distro:sys\",\"net:distro:sys\"");
        install(Zips.chat("1.0.0", wide).wasm("main", "one"), true);
        Map<String, String> before = everything();
        assertInstanceOf(PackagesResponse.Err.class, install(Zips.chat("1.1.0", MAIN).wasm("main", "traps"), true));
        assertEquals(before, everything());
    }

    @Test
    void aProcessThatFailsAndIsGoneFailsTheInstallationToo() throws Exception {
        Map<String, String> before = everything();
        String once = MAIN.replace("\"Restart\"", "\"None\"");
        PackagesResponse.Err answer = assertInstanceOf(PackagesResponse.Err.class,
                install(Zips.chat("1.0.0", once).wasm("main", "traps"), true));
        assertTrue(answer.reason().contains("ended with error: unreachable"), answer.reason());
        assertEquals(before, everything());
    }

    @Test
    void anUpdateThatAsksForMoreNeedsConsent() {
        install(FIRST, true);
        PackagesResponse answer = install(Zips.chat("2.0.0", MAIN, HELPER).wasm("main", "two").wasm("helper", "two"), false);
        assertEquals(List.of("helper wants to exchange messages with other nodes"),
                assertInstanceOf(PackagesResponse.ConsentNeeded.class, answer).report().fresh());
    }

    @Test
    void anUpdateThatFailsLeavesEverythingAsItWas() throws Exception {
        install(FIRST, true);
        kernel.deliverMail("main:chat:alice.os");
        Map<String, String> before = everything();
        String wider = MAIN.replace("\"timer:distro:sys\"", "\"timer:distro:sys\",\"net:distro:sys\"")
                .replace("\"http-server:distro:sys\"", "{\"process\":\"http-server:distro:sys\",\"params\":1}");
        for (String kind : List.of("invalid", "traps")) {
            for (Zips zip : List.of(Zips.chat("2.0.0", wider, HELPER).wasm("main", "two").wasm("helper", kind),
                    Zips.chat("2.0.0", HELPER, wider).wasm("main", kind).wasm("helper", "two"))) {
                PackagesResponse.Err answer = assertInstanceOf(PackagesResponse.Err.class, install(zip, true));
                assertTrue(answer.reason().startsWith("chat:alice.os 2.0.0 was not installed, and all is as it was"), answer.reason());
                assertEquals(before, everything());
            }
        }
    }

    @Test
    void aFirstInstallationThatFailsLeavesNothing() throws Exception {
        Map<String, String> before = everything();
        PackagesResponse.Err answer = assertInstanceOf(PackagesResponse.Err.class,
                install(Zips.chat("1.0.0", MAIN).wasm("main", "traps"), true));
        assertTrue(answer.reason().contains("process main:chat:alice.os ended with error: unreachable"), answer.reason());
        assertEquals(before, everything());
    }

    @Test
    @Timeout(120)
    void aCrashAtAnyCommandEndsInTheOldOrTheNewVersionWholly() throws Exception {
        install(Zips.chat("1.0.0", MAIN, Zips.process("old", false, "", "")).wasm("main", "one").wasm("old", "one"), true);
        Map<String, String> old = everything();
        Zips update = Zips.chat("2.0.0", MAIN.replace("false", "true"), HELPER).wasm("main", "two").wasm("helper", "two");
        int undone = 0;
        Map<String, String> now = old;
        for (int commands = 0; now.equals(old); commands++) {
            assertTrue(commands < 50, "an update ends some time");
            kernel.crashAfter(commands);
            RecordedReply reply = new RecordedReply();
            packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys",
                    new PackagesAction.Install(Optional.empty(), true).encode(), Optional.of(Blob.of(update.bytes()))),
                    reply);
            while (reply.isOpen() && !kernel.hasCrashed()) {
                Thread.sleep(5);
            }
            restart();
            now = everything();
            undone++;
        }
        assertTrue(undone > 5, "cut off " + undone + " times");
        assertTrue(now.get("main:chat:alice.os").contains(" two ") && now.containsKey("helper:chat:alice.os"), now.toString());
        assertTrue(!now.containsKey("old:chat:alice.os"), now.toString());
        assertTrue(now.keySet().stream().noneMatch(key -> key.startsWith("pending")), now.toString());
        assertTrue(now.get("installed chat:alice.os").contains("2.0.0"));
    }

    @Test
    void whoeverAsksIsToldAtOnceThatItFailedInsideAndTheNextIsAnswered() {
        StateStore lacking = (StateStore) Proxy.newProxyInstance(StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class},
                (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(home, arguments);
                    }
                    throw new NoClassDefFoundError("com/example/Missing");
                });
        list();
        packages.addStateStore(lacking, Map.of("service.ranking", 1));
        RecordedReply reply = new RecordedReply();
        packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys",
                new PackagesAction.ListPackages().encode(), Optional.empty()), reply);
        assertEquals(new RecordedReply.Outcome.Refused(), reply.outcome());
        packages.removeStateStore(lacking);
        assertEquals(List.of(), list());
    }

    @Test
    void aRemovalEndsProcessesAndKeepsOtherDrives() throws Exception {
        install(FIRST, true);
        Files.writeString(files.drive(CHAT, FileStore.SCRATCH_DRIVE).resolve("mine"), "mine");
        assertEquals(new PackagesResponse.Removed(CHAT), ask(new PackagesAction.Remove(CHAT), Optional.empty()));
        assertEquals(List.of(), list());
        assertTrue(!kernel.state().containsKey("main:chat:alice.os"));
        assertEquals(List.of(), files.packages());
        assertEquals("mine", new String(files.read("/chat:alice.os/tmp/mine", 10), UTF_8));
        PackagesResponse.Err again = assertInstanceOf(PackagesResponse.Err.class, ask(new PackagesAction.Remove(CHAT), Optional.empty()));
        assertTrue(again.reason().contains("is not installed"), again.reason());
    }

    @Test
    void whatIsNoRequestIsAnsweredWithTheReason() {
        RecordedReply reply = new RecordedReply();
        packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys", "{\"Install\":{}}".getBytes(UTF_8),
                Optional.of(Blob.of(FIRST.bytes()))), reply);
        PackagesResponse answer = PackagesResponse.parse(reply.answer().response().body());
        assertTrue(assertInstanceOf(PackagesResponse.Err.class, answer).reason().contains("\"consent\" is missing"));
        assertInstanceOf(PackagesResponse.Err.class, ask(new PackagesAction.Install(Optional.empty(), true), Optional.empty()));
    }

    @Test
    void aPackageInAFileIsTakenToo() throws Exception {
        Path file = Files.write(home.resolve("chat.zip"), FIRST.bytes());
        assertInstanceOf(PackagesResponse.Installed.class, ask(new PackagesAction.Install(Optional.empty(), true),
                Optional.of(Blob.of(Optional.empty(), file))));
    }

    @Test
    void whatWaitsWhenItDepartsIsHandedBack() throws Exception {
        packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys",
                new PackagesAction.Install(Optional.empty(), true).encode(), Optional.of(Blob.of(FIRST.bytes()))), new RecordedReply());
        RecordedReply waiting = new RecordedReply();
        packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys",
                new PackagesAction.ListPackages().encode(), Optional.empty()), waiting);
        packages.close();
        assertInstanceOf(RecordedReply.Outcome.HandedBack.class, waiting.outcome());
        begin();
        assertEquals(List.of(), list());
        assertEquals(List.of("http-server:distro:sys"), List.copyOf(kernel.state().keySet()));
    }
}
