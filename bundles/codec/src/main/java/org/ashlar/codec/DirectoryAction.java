package org.ashlar.codec;

import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.variant;

import org.ashlar.api.message.NodeName;

/** What a node asks of the {@code directory:distro:sys} of another, as JSON. Answered with {@link DirectoryAnswer}. */
public sealed interface DirectoryAction {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 2 * CardText.MAX;

    /** @throws CodecException when {@code body} is no such action */
    static DirectoryAction parse(byte[] body) {
        JsonValue.Variant action = JsonValue.parse("directory action", body, MAX_BYTES).variant();
        return switch (action.name()) {
            case "Find" -> new Find(action.content().identifier(NodeName::checked));
            case "Publish" -> new Publish(CardText.parse(action.content().text()));
            default -> throw action.unknown("Find", "Publish");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Find(String name) -> variant("Find", text(name));
            case Publish(CardText card) -> variant("Publish", text(card.toString()));
        });
    }

    /** Where is this node? */
    record Find(String name) implements DirectoryAction { }

    /** The asker's own card. */
    record Publish(CardText card) implements DirectoryAction { }
}
