package org.ashlar.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.ashlar.tck.RecordedReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An update, or an installation, is all there or not at all, wherever it fails. */
class UpdatesTest extends InstalledPackages {
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
}
