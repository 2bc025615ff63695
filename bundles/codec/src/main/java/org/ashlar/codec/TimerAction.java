package org.ashlar.codec;

import static org.ashlar.codec.JsonText.u64;
import static org.ashlar.codec.JsonText.unit;
import static org.ashlar.codec.JsonText.variant;

/** What {@code timer:distro:sys} is asked to do (reference-kernel 8.1). */
public sealed interface TimerAction {
    /** Longest body read, in bytes. */
    int MAX_BYTES = 4096;

    /** @throws CodecException when {@code body} is no such action */
    static TimerAction parse(byte[] body) {
        JsonValue.Variant action = JsonValue.parse("timer request", body, MAX_BYTES).variant();
        return switch (action.name()) {
            case "SetTimer" -> new SetTimer(action.content().u64());
            case "Debug" -> action.unit(new Debug());
            default -> throw action.unknown("SetTimer", "Debug");
        };
    }

    default byte[] encode() {
        return JsonText.utf8(switch (this) {
            case SetTimer(long millis) -> variant("SetTimer", u64(millis));
            case Debug it -> unit("Debug");
        });
    }

    /** Asks for an answer after {@code millis}, an unsigned number. */
    record SetTimer(long millis) implements TimerAction { }

    /** Asks for a line about the timers that run. */
    record Debug() implements TimerAction { }
}
