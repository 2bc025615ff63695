package org.ashlar.codec;

import static org.ashlar.codec.JsonText.list;
import static org.ashlar.codec.JsonText.object;
import static org.ashlar.codec.JsonText.text;
import static org.ashlar.codec.JsonText.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
            case "Peers" -> new Peers(content.field("peers").list(PeerReport::read), content.field("copies").list(JsonValue::text));
            case "Err" -> new Err(content.text());
            default -> throw answer.unknown("Lines", "Peers", "Err");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case Lines(List<String> lines) -> variant("Lines", JsonText.texts(lines));
            case Peers(List<PeerReport> peers, List<String> copies) -> variant("Peers",
                    object().<ObjectNode>set("peers", list(peers, PeerReport::write)).set("copies", JsonText.texts(copies)));
            case Err(String reason) -> variant("Err", text(reason));
        });
    }

    /** It is done. @param lines what to show */
    record Lines(List<String> lines) implements NetReport {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The connections with other nodes.
     *
     * @param copies names of nodes of which two running copies were seen a short while ago; this node's own may be among them
     */
    record Peers(List<PeerReport> peers, List<String> copies) implements NetReport {
        public Peers {
            peers = List.copyOf(peers);
            copies = List.copyOf(copies);
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
