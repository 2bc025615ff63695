package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Blob;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.Test;

/** What is asked of {@code packages:distro:sys}, and what it changes. */
class PackagesProcessTest extends InstalledPackages {
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
