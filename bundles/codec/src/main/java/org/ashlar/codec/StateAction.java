package org.ashlar.codec;

import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

import org.ashlar.api.message.ProcessId;

/** What {@code state:distro:sys} is asked to do (reference-kernel 8.2). */
public sealed interface StateAction {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 4096;

    /** @throws CodecException when {@code body} is no such action */
    static StateAction parse(byte[] body) {
        JsonValue.Variant action = JsonValue.parse("state request", body, MAX_BYTES).variant();
        return switch (action.name()) {
            case "GetState" -> new GetState(MessageJson.processId(action.content()));
            case "SetState" -> new SetState(MessageJson.processId(action.content()));
            case "DeleteState" -> new DeleteState(MessageJson.processId(action.content()));
            case "Backup" -> action.unit(new Backup());
            default -> throw action.unknown("GetState", "SetState", "DeleteState", "Backup");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case GetState(ProcessId id) -> variant(name(), id);
            case SetState(ProcessId id) -> variant(name(), id);
            case DeleteState(ProcessId id) -> variant(name(), id);
            case Backup it -> unit(name());
        });
    }

    /** The variant's name, which is also what a success answers and what an error calls the action. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Answered with the state in the blob. */
    record GetState(ProcessId id) implements StateAction { }

    /** The new state is the Request's blob. */
    record SetState(ProcessId id) implements StateAction { }

    record DeleteState(ProcessId id) implements StateAction { }

    record Backup() implements StateAction { }
}
