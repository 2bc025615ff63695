package org.ashlar.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever arrives on the control socket is a command or is refused as declared, with no more memory than it is long. */
class ProtocolFuzzTest {

    static List<Arguments> commands() throws IOException {
        Invocation command = new Invocation("m", Map.of("a", "5"), List.of("our@a:b:c", "{\"ü\":1}"), "/folder",
                new Invocation.Screen(true, false, true, 100));
        return List.of(Arguments.of((Object) wire(command)), Arguments.of((Object) wire(Invocation.of("status"))));
    }

    private static byte[] wire(Invocation command) throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        command.toFrame().write(new java.io.DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @MethodSource("commands")
    @FuzzTest
    void invocation(byte[] input) throws IOException {
        try {
            Optional<Frame> frame = Frame.read(new DataInputStream(new ByteArrayInputStream(input)));
            if (frame.isPresent()) {
                Invocation command = Invocation.of(frame.get());
                assertTrue(command.options().size() <= Invocation.MAX_ITEMS && command.arguments().size() <= Invocation.MAX_ITEMS);
                assertEquals(command, Invocation.of(command.toFrame()));
            }
        } catch (ProtocolException | EOFException declared) {
            return;
        }
    }
}
