package org.ashlar.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH's server as a user's process on a loopback port. It lets that user in with the keys {@code user} and {@code locked} of its folder, whose
 * passphrase is {@code open sesame}.
 */
public final class OpenSsh implements AutoCloseable {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private final Path folder;
    private final int port;
    private final Process server;

    /** Skips the test where there is no such program. */
    public static void require() {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "beside OpenSSH only with \"./ashlar test --all\"");
        assumeTrue(Files.isExecutable(SSHD), "sshd is not installed; \"./ashlar test --all\" installs it");
    }

    /** @param folder an empty one for keys and files */
    public static OpenSsh start(Path folder) throws Exception {
        keygen(folder.resolve("host"), "");
        keygen(folder.resolve("user"), "");
        keygen(folder.resolve("locked"), "open sesame");
        Files.writeString(folder.resolve("authorized"), Files.readString(folder.resolve("user.pub")) + Files.readString(folder.resolve("locked.pub")));
        return new OpenSsh(folder, "true");
    }

    /** On a folder that was started on before. @param before what the shell does before it becomes the server */
    public OpenSsh(Path folder, String before) throws Exception {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        if (isRoot()) {
            Files.createDirectories(Path.of("/run/sshd")); // where sshd, started by root, goes before a user is known
        }
        Path config = Files.writeString(folder.resolve("config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication yes
                MaxStartups 100
                Subsystem sftp internal-sftp
                """.formatted(port, folder.resolve("host"), folder.resolve("authorized")));
        server = new ProcessBuilder("sh", "-c", before + "; exec " + SSHD + " -D -e -f " + config).redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()).start();
        long end = System.nanoTime() + PATIENCE;
        while (!answers()) {
            assertTrue(server.isAlive() && System.nanoTime() < end, () -> "sshd does not answer: " + log());
            Thread.sleep(20);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    private static void keygen(Path file, String passphrase) throws Exception {
        run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", file.toString()));
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, said);
        return said;
    }

    /** As OpenSSH's own tool shows it. */
    public String fingerprint() throws Exception {
        return run(List.of("ssh-keygen", "-lf", folder.resolve("host.pub").toString())).split(" ")[1];
    }

    public String url(Path path) {
        return "sftp://" + System.getProperty("user.name") + "@127.0.0.1:" + port + path;
    }

    /** Kills the processes that serve connections; new ones are taken. */
    public void cut() {
        server.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws Exception {
        cut();
        server.destroy();
        assertTrue(server.waitFor(60, TimeUnit.SECONDS));
    }
}
