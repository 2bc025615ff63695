package org.ashlar.tour;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.ashlar.process.Process.our;
import static org.ashlar.process.Process.receive;
import static org.ashlar.process.Process.reply;
import static org.ashlar.process.Process.request;
import static org.ashlar.process.Process.response;
import static org.ashlar.process.Process.sendAll;
import static org.ashlar.process.Process.spawn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ashlar.process.Address;
import org.ashlar.process.Blob;
import org.ashlar.process.Capability;
import org.ashlar.process.OnExit;
import org.ashlar.process.OutgoingResponse;
import org.ashlar.process.Process;
import org.ashlar.process.Request;
import org.ashlar.process.Response;
import org.ashlar.process.SendError;
import org.ashlar.process.SendFailedException;
import org.ashlar.process.SpawnFailedException;

/**
 * Tries every function of the SDK on the node it runs on. The request {@code tour} is answered with {@code ok}, or
 * with what is wrong. The children that it spawns run the same code and answer what they are sent.
 */
final class Tour {

    private static final Blob BLOB = new Blob(Optional.of("text/plain"), bytes("blob"));

    private final List<String> problems = new ArrayList<>();

    public static void main(String[] args) {
        while (true) {
            if (receive() instanceof Request asked) {
                switch (asked.text()) {
                    case "tour" -> reply(new Tour().go(args[0]));
                    case "describe" -> reply(asked.metadata() + " " + asked.expectsResponse() + " " + asked.capabilities());
                    case "pass on" -> request(asked.source()).body("passed on").inherit().send();
                    default -> echo(asked);
                }
            }
        }
    }

    private static void echo(Request asked) {
        OutgoingResponse response = response().body(asked.body());
        Process.blob().ifPresent(response::blob);
        response.send();
    }

    private String go(String ourText) {
        expect("address", our().toString().equals(ourText) && Address.parse(ourText).equals(our()));
        state();
        onExit();
        spawning();
        Address child = spawn("tour.wasm").start();
        awaiting(child);
        contexts(child);
        several(child);
        expect("particulars", describe(child).equals(
                Optional.of("{\"m\":1}") + " " + OptionalLong.of(7) + " " + List.of(new Capability(our(), "\"tour\""))));
        capabilities(child);
        platform();
        Process.print(3, "the tour is over");
        return problems.isEmpty() ? "ok" : String.join("; ", problems);
    }

    private void state() {
        Process.clearState();
        expect("no state after clearState", Process.state().isEmpty());
        Process.saveState(bytes("kept"));
        expect("state as saved", Process.state().map(Tour::text).equals(Optional.of("kept")));
        Process.clearState();
    }

    private void onExit() {
        OnExit before = Process.onExit();
        Process.onExit(OnExit.none());
        expect("on-exit none", Process.onExit() instanceof OnExit.None);
        Process.onExit(OnExit.requests(request(our()).body("bye").blob(BLOB), request(our().sibling("other"))));
        expect("on-exit requests", Process.onExit() instanceof OnExit.Requests sent && sent.requests().size() == 2);
        Process.onExit(before);
        expect("on-exit restart", Process.onExit() instanceof OnExit.Restart);
    }

    private void spawning() {
        try {
            spawn("not-there.wasm").start();
            expect("nothing to spawn", false);
        } catch (SpawnFailedException refusal) {
            expect("no file: " + refusal.reason(), refusal.reason() == SpawnFailedException.Reason.NO_FILE_AT_PATH);
        }
        Address named = spawn("tour.wasm").name("named").open().grant(our().process(), "\"granted\"")
                .request(Capability.messaging(our())).start();
        expect("the child's name", named.equals(our().sibling("named")));
        expect("the named child answers", ask(named, "you").equals("you"));
        expect("the child's grant", Process.capabilities().contains(new Capability(named, "\"granted\"")));
    }

    private void awaiting(Address child) {
        Response answer = request(child).body("hé").expects(5, SECONDS).blob(BLOB).await();
        expect("awaited body", answer.text().equals("hé"));
        expect("awaited source", answer.source().equals(child));
        expect("awaited blob", Process.blob().filter(blob -> text(blob.bytes()).equals("blob")
                && blob.mime().equals(BLOB.mime())).isPresent());
        try {
            request(our().sibling("nobody")).body("lost").blob(BLOB).expects(5, SECONDS).await();
            expect("a failure", false);
        } catch (SendFailedException failure) {
            SendError error = failure.error();
            expect("the failure's kind", error.kind() == SendError.Kind.TIMEOUT);
            expect("the failure's message", error.message().text().equals("lost") && error.blob().isPresent());
        }
        expect("no blob with a failure", Process.blob().isEmpty());
        expect("the last blob", Process.lastBlob().filter(blob -> text(blob.bytes()).equals("blob")).isPresent());
    }

    private void contexts(Address child) {
        request(child).body("later").expects(5, SECONDS).context("ctx").send();
        expect("a response with its context", receive() instanceof Response later && later.text().equals("later")
                && later.context().map(Tour::text).equals(Optional.of("ctx")));
    }

    private void several(Address child) {
        sendAll(List.of(request(child).body("one").expects(5, SECONDS), request(child).body("pass on").expects(5, SECONDS)));
        expect("the first of two", receive() instanceof Response first && first.text().equals("one"));
        expect("the second comes back as a request",
                receive() instanceof Request passed && passed.text().equals("passed on"));
        reply("to myself");
        expect("and its answer, too", receive() instanceof Response own && own.text().equals("to myself"));
    }

    private String describe(Address child) {
        return request(child).body("describe").metadata("{\"m\":1}").expects(7, SECONDS)
                .capability(new Capability(our(), "\"tour\"")).await().text();
    }

    private void capabilities(Address child) {
        Capability messaging = Capability.messaging(child);
        expect("messaging to the child", Process.capabilities().contains(messaging));
        Process.saveCapabilities(List.of(messaging));
        expect("saved", Process.capabilities().contains(messaging));
        Process.dropCapabilities(List.of(messaging));
        expect("dropped", !Process.capabilities().contains(messaging));
    }

    private void platform() {
        expect("time", System.currentTimeMillis() > 1_700_000_000_000L);
        expect("chance", Math.random() != Math.random());
    }

    private static String ask(Address process, String body) {
        return request(process).body(body).expects(5, SECONDS).await().text();
    }

    private void expect(String what, boolean holds) {
        if (!holds) {
            problems.add(what);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
