package org.ashlar.conformance;

import static org.ashlar.conformance.Command.await;
import static org.ashlar.conformance.Command.getBlob;
import static org.ashlar.conformance.Command.report;
import static org.ashlar.conformance.Script.script;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;

/**
 * A system process of the node, asked by guests.
 *
 * @param address where it is
 * @param tester  who has the guests ask
 */
record Service(Address address, Tester tester) {
    private static final int SECONDS = 30;

    static Service of(String process, Tester tester) {
        return new Service(TestNode.address(process), tester);
    }

    /** The right to message it. */
    Capability messaging() {
        return Capability.messaging(address);
    }

    /** A right that it gives. @param params JSON text */
    Capability issues(String params) {
        return new Capability(address, params);
    }

    Told ask(Probe guest, byte[] body) {
        return ask(guest, body, Optional.empty());
    }

    Told ask(Probe guest, byte[] body, String blob) {
        return ask(guest, body, Optional.of(blob));
    }

    /** Has a guest ask and wait for the answer. */
    private Told ask(Probe guest, byte[] body, Optional<String> blob) {
        Command question = await(address.toString()).expecting(SECONDS).body(new String(body, StandardCharsets.UTF_8));
        Journal journal = tester.ask(guest, script(blob.map(question::blob).orElse(question), getBlob(), report()));
        Journal.Entry found = journal.only("blob");
        return new Told(journal.only("awaited").bytes("body"),
                found.flag("none") ? Optional.empty() : Optional.of(found.text("bytes")));
    }

    /** What a guest was answered. */
    record Told(byte[] body, Optional<String> blob) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
