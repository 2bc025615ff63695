package org.ashlar.codec;

import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import org.ashlar.api.message.NodeName;

/**
 * What the person who runs a node asks of {@code net:distro:sys}, as JSON: beside {@link NetAction}, which every process may
 * ask. Answered with {@link NetReport}.
 */
public sealed interface NetCommand {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 65_536;

    /** @throws CodecException when {@code body} is no such command */
    static NetCommand parse(byte[] body) {
        JsonValue.Variant command = JsonValue.parse("net command", body, MAX_BYTES).variant();
        JsonValue content = command.content();
        return switch (command.name()) {
            case "Card" -> command.unit(new Card());
            case "Peers" -> command.unit(new Peers());
            case "Known" -> command.unit(new Known());
            case "Add" -> new Add(content.field("card").text(), content.field("replace").bool());
            case "Remove" -> new Remove(content.identifier(NodeName::checked));
            case "Block" -> new Block(content.identifier(NodeName::checked));
            case "Find" -> new Find(content.identifier(NodeName::checked));
            case "Confirm" -> new Confirm(content.field("name").identifier(NodeName::checked), content.field("fingerprint").text(),
                    content.field("replace").bool());
            default -> throw command.unknown("Card", "Peers", "Known", "Add", "Remove", "Block", "Find", "Confirm");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Card it -> unit("Card");
            case Peers it -> unit("Peers");
            case Known it -> unit("Known");
            case Add(String card, boolean replace) -> variant("Add", object().put("card", card).put("replace", replace));
            case Remove(String name) -> variant("Remove", text(name));
            case Block(String name) -> variant("Block", text(name));
            case Find(String name) -> variant("Find", text(name));
            case Confirm(String name, String fingerprint, boolean replace) -> variant("Confirm",
                    object().put("name", name).put("fingerprint", fingerprint).put("replace", replace));
        });
    }

    /** What is this node's own card? */
    record Card() implements NetCommand { }

    /** Which nodes is there a connection with? */
    record Peers() implements NetCommand { }

    /** Which nodes are known, and which are claimed by directories? */
    record Known() implements NetCommand { }

    /** Writes down a node. @param replace whether another key than the one that is known is accepted */
    record Add(String card, boolean replace) implements NetCommand { }

    /** Forgets a node. */
    record Remove(String name) implements NetCommand { }

    /** Has nothing to do with a node any more. */
    record Block(String name) implements NetCommand { }

    /** Looks for a node in all directories. */
    record Find(String name) implements NetCommand { }

    /**
     * Writes down a node as a directory gives it.
     *
     * @param fingerprint the first hex digits of the key that is meant; spaces and colons between them do not matter
     * @param replace     whether another key than the one that is known is accepted
     */
    record Confirm(String name, String fingerprint, boolean replace) implements NetCommand { }
}
