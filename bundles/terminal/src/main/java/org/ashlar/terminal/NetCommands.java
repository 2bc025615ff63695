package org.ashlar.terminal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.IdentifierException;
import org.ashlar.api.message.NodeName;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.ProcessStatus;
import org.ashlar.codec.CardRecord;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.NetCommand;
import org.ashlar.codec.NetReport;
import org.ashlar.control.Invocation;

/** {@code card}, {@code peer}, {@code peers} and {@code hi}: what {@code net:distro:sys} does, shown to a person. */
final class NetCommands {
    private static final String NET = "net:distro:sys";
    private static final int SECONDS = 20;
    /** How long {@code status} waits for what it can do without. */
    private static final int STATUS_SECONDS = 3;
    /** How long a greeting may take (reference-modules 1.10). */
    private static final int HI_SECONDS = 10;

    private final NodeView node;

    NetCommands(NodeView node) {
        this.node = node;
    }

    void addTo(Map<String, CommandHandler> handlers) {
        handlers.put("card", this::card);
        handlers.put("peer", this::peer);
        handlers.put("peers", this::peers);
        handlers.put("hi", this::hi);
    }

    private void card(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        if (!invocation.has("dns") && !invocation.has("qr")) {
            lines(session, new NetCommand.Card());
        } else if (ask(new NetCommand.Card()) instanceof NetReport.Lines(List<String> lines)) {
            session.out(invocation.has("dns") ? record(lines.getFirst()) : code(lines.getFirst(), session.screen()));
        }
    }

    private static String record(String line) {
        CardText card = CardText.parse(line);
        StringBuilder record = new StringBuilder("_ashlar.").append(card.card().name()).append(". 3600 IN TXT");
        CardRecord.of(card).forEach(string -> record.append(" \"").append(new String(string, StandardCharsets.US_ASCII)).append('"'));
        return record.append('\n').toString();
    }

    private static String code(String line, Invocation.Screen screen) throws CommandException {
        QrText code = QrText.of(line);
        if (code.columns() > screen.columns()) {
            throw CommandException.failed("the code is " + code.columns() + " characters wide, and the terminal " + screen.columns()
                    + ": make it wider, or its letters smaller");
        }
        return code.render(screen.colour());
    }

    private void peer(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        List<String> words = invocation.arguments();
        String action = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        if (invocation.has("replace") && !List.of("add", "confirm").contains(action)) {
            throw CommandException.wrongUsage("--replace goes with peer add and peer confirm");
        }
        if (action.equals("add") && rest.size() == 1 && isName(rest.getFirst())) {
            addNamed(rest.getFirst(), invocation.has("replace"), session);
            return;
        }
        // A card pasted without quotes comes as several words.
        lines(session, switch (action) {
            case "add" -> new NetCommand.Add(String.join(" ", some(action, "CARD", rest)), invocation.has("replace"));
            case "list" -> {
                if (!rest.isEmpty()) {
                    throw CommandException.wrongUsage("peer list takes nothing more");
                }
                yield new NetCommand.Known();
            }
            case "remove" -> new NetCommand.Remove(name(action, rest));
            case "block" -> new NetCommand.Block(name(action, rest));
            case "find" -> new NetCommand.Find(name(action, rest));
            case "confirm" -> confirm(rest, invocation.has("replace"));
            default -> throw CommandException.wrongUsage("peer knows add, list, find, confirm, remove and block, not \"" + action + "\"");
        });
    }

    private static boolean isName(String word) {
        try {
            return NodeName.checked(word).equals(word);
        } catch (IdentifierException e) {
            return false;
        }
    }

    /** Writes down a node as directories name it, once the person has typed what its owner says of its key. */
    private void addNamed(String name, boolean replace, Session session) throws CommandException, IOException, InterruptedException {
        if (!session.screen().answers()) {
            throw CommandException.failed("what directories say is only a claim: compare the fingerprint with its owner, then \"ashlar peer confirm "
                    + name + " FINGERPRINT\"");
        }
        lines(session, new NetCommand.Find(name));
        String digits = session.ask("The first 16 digits of its key, as its owner says them: ").orElse("");
        if (digits.isEmpty()) {
            throw CommandException.failed(name + " was not written down");
        }
        lines(session, new NetCommand.Confirm(name, digits, replace));
    }

    /** A fingerprint copied with its spaces comes as several words. */
    private static NetCommand confirm(List<String> rest, boolean replace) throws CommandException {
        if (rest.size() < 2) {
            throw CommandException.wrongUsage("peer confirm needs NAME and FINGERPRINT");
        }
        return new NetCommand.Confirm(node(rest.getFirst()), String.join("", rest.subList(1, rest.size())), replace);
    }

    private static List<String> some(String action, String what, List<String> rest) throws CommandException {
        if (rest.isEmpty()) {
            throw CommandException.wrongUsage("peer " + action + " needs " + what);
        }
        return rest;
    }

    private static String name(String action, List<String> rest) throws CommandException {
        if (some(action, "NAME", rest).size() > 1) {
            throw CommandException.wrongUsage("peer " + action + " takes one NAME");
        }
        return node(rest.getFirst());
    }

    private static String node(String name) throws CommandException {
        try {
            return NodeName.checked(name);
        } catch (IdentifierException e) {
            throw CommandException.wrongUsage(e.getMessage());
        }
    }

    private void lines(Session session, NetCommand command) throws CommandException, IOException, InterruptedException {
        if (ask(command) instanceof NetReport.Lines(List<String> lines)) {
            for (String line : lines) {
                session.line(Printable.line(line));
            }
        }
    }

    private void peers(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        if (!(ask(new NetCommand.Peers()) instanceof NetReport.Peers(List<NetReport.PeerReport> peers, List<String> copies))) {
            return;
        }
        if (invocation.has("json")) {
            ArrayNode json = JsonNodeFactory.instance.arrayNode();
            peers.forEach(peer -> json.addObject().put("name", peer.name()).put("state", peer.state()).put("over", peer.over())
                    .put("seconds", peer.seconds()).put("sent", peer.sent()).put("received", peer.received())
                    .put("waiting", peer.waiting()).put("open", peer.open())
                    .put("copies", copies.contains(peer.name())));
            session.line(json.toPrettyString());
            return;
        }
        Table table = new Table("NODE", "STATE", "SINCE>", "SENT>", "RECEIVED>", "WAITING>", "OPEN>", "OVER");
        peers.forEach(peer -> table.row(peer.name(), peer.state(), NodeCommands.shown(Duration.ofSeconds(peer.seconds())), peer.sent(),
                peer.received(), peer.waiting(), peer.open(), peer.over()));
        session.out(table.render(session.screen()));
        for (String name : copies) {
            session.line(advice(name));
        }
    }

    /**
     * What a person is to do about nodes of which two copies run, by their names; empty while there is no network that
     * answers.
     */
    Map<String, String> copies() throws InterruptedException {
        Map<String, String> advice = new TreeMap<>();
        if (node.processes().stream().anyMatch(each -> each.id().toString().equals(NET) && each.state() == ProcessStatus.State.RUNNING)) {
            try {
                if (ask(new NetCommand.Peers(), STATUS_SECONDS) instanceof NetReport.Peers(var peers, List<String> copies)) {
                    copies.forEach(name -> advice.put(name, advice(name)));
                }
            } catch (CommandException silent) {
                // It is being replaced, or busy: the rest of what was asked for is shown.
            }
        }
        return advice;
    }

    private String advice(String name) {
        return Printable.line(node.name().filter(name::equals).isPresent()
                ? "another copy of this node is running, with the same name and key: messages go to one of the two. Stop one of them, or"
                        + " give it another name"
                : "two copies of " + name + " are running, with one name and key; the one that connected last is talked to. Its owner"
                        + " should stop one of them, or give it another name");
    }

    private NetReport ask(NetCommand command) throws CommandException, InterruptedException {
        return ask(command, SECONDS);
    }

    private NetReport ask(NetCommand command, int seconds) throws CommandException, InterruptedException {
        Answer answer = Requests.ask(node, Address.parse("our@" + NET), Request.of(command.encode()).expecting(seconds), Optional.empty());
        try {
            return switch (NetReport.parse(answer.response().body())) {
                case NetReport.Err(String reason) -> throw CommandException.failed(Printable.line(reason));
                case NetReport report -> report;
            };
        } catch (CodecException e) {
            throw CommandException.failed(NET + " gave an answer that is none: " + e.getMessage());
        }
    }

    private void hi(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        String name = node(invocation.arguments().get(0));
        Answer answer = Requests.ask(node, Address.parse(name + "@" + NET),
                Request.of(invocation.arguments().get(1)).expecting(HI_SECONDS), Optional.empty());
        session.line("response from " + name + ": " + Printable.line(new String(answer.response().body(), StandardCharsets.UTF_8)));
    }
}
