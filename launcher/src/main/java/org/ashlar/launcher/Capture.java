package org.ashlar.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.ashlar.control.Invocation;

/** Keeps what a command of the launcher's own prints. */
final class Capture implements ControlClient.Exchange {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Has the command carried out; empty when no node answers. */
    static Optional<Integer> run(Path socket, String command, Capture capture) {
        return run(socket, Invocation.of(command), capture);
    }

    static Optional<Integer> run(Path socket, Invocation invocation, Capture capture) {
        Optional<ControlClient> connected = ControlClient.connect(socket);
        if (connected.isEmpty()) {
            return Optional.empty();
        }
        try (ControlClient client = connected.get()) {
            return client.run(invocation, capture);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void out(byte[] bytes) {
        out.writeBytes(bytes);
    }

    @Override
    public void err(byte[] bytes) {
        out.writeBytes(bytes);
    }

    @Override
    public String ask(String question) {
        return "";
    }

    @Override
    public String secret(String question) {
        return "";
    }

    String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
