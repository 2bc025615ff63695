package org.ashlar.launcher;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ashlar.control.Frame;
import org.ashlar.control.Invocation;

/**
 * Plays a command with a node that is none, so that the JVM's class archive, which is recorded meanwhile, holds what a
 * command needs. Run by the script {@code ashlar}.
 */
final class Rehearsal {
    private Rehearsal() { }

    static int run(Console console) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ashlar-rehearsal");
        Path socket = folder.resolve("socket");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Thread node = Thread.ofPlatform().daemon().start(() -> answerOne(listener));
            try (ControlClient client = ControlClient.connect(socket).orElseThrow()) {
                CommandLine line = CommandLine.parse(List.of("m", "our@a:b:c", "body", "-a", "5", "--home", folder.toString()));
                RuntimeFolder.socketOf(Home.of(line.option("home"), Map.of()), System.getenv());
                return client.run(Main.invocation(line, console.screen()), console).orElse(Main.FAILED);
            } catch (CommandLine.UsageException e) {
                throw new IllegalStateException(e);
            } finally {
                node.join();
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
    }

    private static void answerOne(ServerSocketChannel listener) {
        try (SocketChannel channel = listener.accept()) {
            Invocation.of(Frame.read(new DataInputStream(Channels.newInputStream(channel))).orElseThrow());
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            Frame.text(Frame.Kind.OUT, "answer\n").write(out);
            Frame.text(Frame.Kind.ERR, "").write(out);
            Frame.exit(Main.DONE).write(out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
