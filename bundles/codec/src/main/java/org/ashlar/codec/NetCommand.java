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
            default -> throw command.unknown("Card", "Peers", "Known", "Add", "Remove", "Block");
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
        });
    }

    /** What is this node's own card? */
    record Card() implements NetCommand { }

    /** Which nodes is there a connection with? */
    record Peers() implements NetCommand { }

    /** Which nodes are written down? */
    record Known() implements NetCommand { }

    /** Writes down a node. @param replace whether another key than the one that is known is accepted */
    record Add(String card, boolean replace) implements NetCommand { }

    /** Forgets a node. */
    record Remove(String name) implements NetCommand { }

    /** Has nothing to do with a node any more. */
    record Block(String name) implements NetCommand { }
}
