package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What {@code net:distro:sys} answers to a {@link NetCommand}, as JSON. */
public sealed interface NetReport {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 32 << 20;

    /** @throws CodecException when {@code body} is no such answer */
    static NetReport parse(byte[] body) {
        JsonValue.Variant answer = JsonValue.parse("net report", body, MAX_BYTES).variant();
        JsonValue content = answer.content();
        return switch (answer.name()) {
            case "Lines" -> new Lines(content.list(JsonValue::text));
            case "Peers" -> new Peers(content.list(PeerReport::read));
            case "Err" -> new Err(content.text());
            default -> throw answer.unknown("Lines", "Peers", "Err");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Lines(List<String> lines) -> variant("Lines", JsonText.texts(lines));
            case Peers(List<PeerReport> peers) -> variant("Peers", list(peers, PeerReport::write));
            case Err(String reason) -> variant("Err", text(reason));
        });
    }

    /** It is done. @param lines what to show */
    record Lines(List<String> lines) implements NetReport {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    record Peers(List<PeerReport> peers) implements NetReport {
        public Peers {
            peers = List.copyOf(peers);
        }
    }

    /** Nothing was changed. @param reason one line for a person */
    record Err(String reason) implements NetReport { }

    /**
     * A node that there is a connection with, or that one is being made to.
     *
     * @param name     the node
     * @param state    {@code connected} or {@code connecting}
     * @param over     where the connection leads, empty when there is none
     * @param seconds  since when it stands
     * @param sent     messages sent over all its connections
     * @param received messages received
     * @param waiting  messages that wait to be sent
     * @param open     Requests sent there that are not answered yet
     */
    record PeerReport(String name, String state, String over, long seconds, long sent, long received, long waiting, long open) {
        private static PeerReport read(JsonValue json) {
            return new PeerReport(json.field("name").text(), json.field("state").text(), json.field("over").text(),
                    json.field("seconds").u64(), json.field("sent").u64(), json.field("received").u64(),
                    json.field("waiting").u64(), json.field("open").u64());
        }

        private JsonNode write() {
            return object().put("name", name).put("state", state).put("over", over).put("seconds", seconds).put("sent", sent)
                    .put("received", received).put("waiting", waiting).put("open", open);
        }
    }
}
