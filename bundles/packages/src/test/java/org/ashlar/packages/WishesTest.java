package org.ashlar.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.KernelCommand.GrantCapabilities;
import org.ashlar.codec.PackageReport;
import org.junit.jupiter.api.Test;

class WishesTest {
    private static final String REQUESTS = """
            "timer:distro:sys","kernel:distro:sys",{"process":"vfs:distro:sys","params":{"root":true}},
            {"process":"contacts:contacts:sys","params":"Read"},{"process":"eth:distro:sys","params":{"root":true}}""";
    private static final String GRANTS = """
            "http-server:distro:sys",{"process":"x:y:z.os","params":"Move"}""";

    private static PackageImage image(String version, String... processes) throws Exception {
        Zips zip = Zips.chat(version, processes).wasm("main", "").wasm("other", "");
        return PackageReader.inspect(new ByteArrayInputStream(zip.bytes()), Optional.empty());
    }

    /** K72. */
    @Test
    void aProcessGetsWhatItAsksForAndItsDrive() throws Exception {
        PackageImage image = image("1", Zips.process("main", true,
                "\"timer:distro:sys\",{\"process\":\"contacts:contacts:sys\",\"params\":{\"a\": [1]}}", ""));
        assertEquals(List.of(capability("kernel:distro:sys", "\"network\""), capability("timer:distro:sys", "\"messaging\""),
                capability("contacts:contacts:sys", "{\"a\":[1]}"),
                capability("vfs:distro:sys", "{\"kind\":\"read\",\"drive\":\"/chat:alice.os/pkg\"}"),
                capability("vfs:distro:sys", "{\"kind\":\"write\",\"drive\":\"/chat:alice.os/pkg\"}")),
                Wishes.capabilities(image.manifest().processes().getFirst(), "a.os"));
    }

    @Test
    void othersGetWhatItGives() throws Exception {
        PackageImage image = image("1", Zips.process("main", false, "", GRANTS));
        assertEquals(List.of(
                new GrantCapabilities(ProcessId.parse("http-server:distro:sys"), List.of(capability("main:chat:alice.os", "\"messaging\""))),
                new GrantCapabilities(ProcessId.parse("x:y:z.os"), List.of(capability("main:chat:alice.os", "\"Move\"")))),
                Wishes.grants(image.manifest(), "a.os"));
    }

    @Test
    void theReportSpeaksPlainly() throws Exception {
        PackageReport report = Wishes.report(image("1", Zips.process("main", true, REQUESTS, GRANTS),
                Zips.process("other", false, "", "").replace("\"public\":false", "\"public\":true")), Optional.empty());
        assertEquals(List.of("main wants to exchange messages with other nodes", "main wants to send messages to timer:distro:sys",
                "main wants to command the kernel: start, stop and change every process",
                "main wants to read and write the files of all packages",
                "main wants to do what contacts:contacts:sys allows with \"Read\"",
                "main wants to do what eth:distro:sys allows with {\"root\":true}"), report.asks());
        assertEquals(List.of("http-server:distro:sys may send messages to main", "x:y:z.os may do what main allows with \"Move\"",
                "every process on this node may send messages to other"), report.grants());
        assertEquals(9, report.fresh().size());
    }

    @Test
    void anUpdateNeedsConsentForWhatIsNewAlone() throws Exception {
        PackageReport first = Wishes.report(image("1", Zips.process("main", false, "\"timer:distro:sys\"", "")), Optional.empty());
        PackageReport same = Wishes.report(image("2", Zips.process("main", false, "\"timer:distro:sys\"", "")), Optional.of(first));
        assertEquals(List.of(), same.fresh());
        assertEquals(Optional.of("1"), same.installed());
        PackageReport more = Wishes.report(image("2", Zips.process("main", true, "\"timer:distro:sys\"", "")), Optional.of(first));
        assertEquals(List.of("main wants to exchange messages with other nodes"), more.fresh());
        PackageReport elsewhere = Wishes.report(image("2", Zips.process("other", false, "\"timer:distro:sys\"", "")), Optional.of(first));
        assertEquals(List.of("other wants to send messages to timer:distro:sys"), elsewhere.fresh());
    }

    private static Capability capability(String issuer, String params) {
        return new Capability(new Address("a.os", ProcessId.parse(issuer)), params);
    }
}
