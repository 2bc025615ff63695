package org.ashlar.codec;

import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.variant;

import java.util.List;

/** What {@code directory:distro:sys} answers to a {@link DirectoryAction}, as JSON. */
public sealed interface DirectoryAnswer {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 8 * DirectoryAction.MAX_BYTES;

    /** @throws CodecException when {@code body} is no such answer */
    static DirectoryAnswer parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("directory answer", body, MAX_BYTES).variant();
        return switch (answer.name()) {
            case "Cards" -> new Cards(answer.content().list(JsonValue::text).stream().map(CardText::parse).toList());
            case "Err" -> new Err(answer.content().text());
            default -> throw answer.unknown("Cards", "Err");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Cards(List<CardText> cards) -> variant("Cards", JsonText.texts(cards.stream().map(CardText::toString).toList()));
            case Err(String reason) -> variant("Err", text(reason));
        });
    }

    /** What is known, or was written down: nothing, or a card; their signatures are for the reader to check. */
    record Cards(List<CardText> cards) implements DirectoryAnswer {
        public Cards {
            cards = List.copyOf(cards);
        }
    }

    /** It was not done. @param reason one line for a person */
    record Err(String reason) implements DirectoryAnswer { }
}
