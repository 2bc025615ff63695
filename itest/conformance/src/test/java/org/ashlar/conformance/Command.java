package org.ashlar.conformance;

import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.ProcessId;

/**
 * One command to a probe, see {@code itest/probe/README.md}. The methods that name an option give a new command.
 *
 * @param verb      what to do
 * @param arguments as they stand in a script, values encoded
 */
record Command(String verb, List<String> arguments) {
    /** In the place of an address: the child spawned last. */
    static final String CHILD = "$child";
    /** In the place of an address: the probe itself. */
    static final String OUR = "$our";

    Command {
        arguments = List.copyOf(arguments);
    }

    static Command send(Address to) {
        return send(to.toString());
    }

    static Command send(String to) {
        return of("send").with("to", to);
    }

    static Command send(Probe to) {
        return send(to.address());
    }

    static Command send(Tester to) {
        return send(to.address());
    }

    /** Sends {@code count} Requests with the bodies 1, 2, … */
    static Command flood(Probe to, int count) {
        return of("flood").with("to", to.address().toString()).with("count", count);
    }

    static Command await(String to) {
        return of("await").with("to", to);
    }

    static Command await(Probe to) {
        return await(to.address().toString());
    }

    static Command await(Tester to) {
        return await(to.address().toString());
    }

    /** Remembers a Request for {@link #setOnExit}. */
    static Command queue(Tester to) {
        return of("queue").with("to", to.address().toString());
    }

    static Command respond() {
        return of("respond");
    }

    /** Responds with the text {@code body}. */
    static Command respond(String body) {
        return respond().body(body);
    }

    /** Responds with the journal. */
    static Command report() {
        return of("report");
    }

    static Command getBlob() {
        return of("get-blob");
    }

    static Command lastBlob() {
        return of("last-blob");
    }

    static Command hasBlob() {
        return of("has-blob");
    }

    static Command getState() {
        return of("get-state");
    }

    static Command setState(String value) {
        return of("set-state").with("value", value);
    }

    static Command clearState() {
        return of("clear-state");
    }

    /** @param kind {@code none}, {@code restart}, or {@code requests}: those queued */
    static Command setOnExit(String kind) {
        return of("set-on-exit").with("kind", kind);
    }

    static Command spawn(String path) {
        return of("spawn").with("path", path);
    }

    static Command saveCapabilities(Capability... saved) {
        return of("save-caps").capabilities(saved);
    }

    static Command dropCapabilities(Capability... dropped) {
        return of("drop-caps").capabilities(dropped);
    }

    static Command ourCapabilities() {
        return of("our-caps");
    }

    static Command our() {
        return of("our");
    }

    static Command print(int level, String text) {
        return of("print").with("level", level).with("text", text);
    }

    static Command note(String text) {
        return of("note").with("text", text);
    }

    /** Makes {@code init} return. */
    static Command exit() {
        return of("exit");
    }

    static Command trap() {
        return of("trap");
    }

    /** Computes for ever. */
    static Command spin() {
        return of("spin");
    }

    /** Writes lines of {@code width} bytes to standard error. */
    static Command stderr(int lines, int width) {
        return of("stderr").with("lines", lines).with("width", width);
    }

    /** Writes {@code text} to standard error and traps. */
    static Command panic(String text) {
        return of("panic").with("text", text);
    }

    /** A command that is nothing but its verb. */
    static Command of(String verb) {
        return new Command(verb, List.of());
    }

    Command expecting(long seconds) {
        return with("expects", seconds);
    }

    Command inheriting() {
        return flag("inherit");
    }

    Command body(String body) {
        return with("body", body);
    }

    Command body(Script body) {
        return body(body.text());
    }

    Command metadata(String metadata) {
        return with("metadata", metadata);
    }

    Command context(String context) {
        return with("context", context);
    }

    /** What the probe does when the answer, or a send error, has come. */
    Command context(Script then) {
        return context(then.text());
    }

    Command blob(String bytes) {
        return with("blob", bytes);
    }

    Command blob(String mime, String bytes) {
        return blob(bytes).with("mime", mime);
    }

    Command capability(Capability carried) {
        return with("cap", carried.issuer() + "|" + carried.params());
    }

    Command capabilities(Capability... carried) {
        Command result = this;
        for (Capability each : carried) {
            result = result.capability(each);
        }
        return result;
    }

    /** Gives {@code holder} a capability that the child issues. */
    Command grant(ProcessId holder, String params) {
        return with("grant", holder + "|" + params);
    }

    Command with(String name, Object value) {
        return plus(name + "=" + Percent.encode(value.toString()));
    }

    Command flag(String name) {
        return plus(name);
    }

    private Command plus(String argument) {
        List<String> all = new ArrayList<>(arguments);
        all.add(argument);
        return new Command(verb, all);
    }

    @Override
    public String toString() {
        return String.join(" ", verb, String.join(" ", arguments)).strip();
    }
}
