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
import org.ashlar.api.backup.Credential;

/**
 * S3Proxy, a server that keeps buckets in folders, as a process of its own on a loopback port: what the target in a bucket is tested
 * against. The test's class path must have it ({@code org.gaul:s3proxy}).
 */
public final class S3Server implements AutoCloseable {
    /** What lets in. */
    public static final Credential CREDENTIAL = new Credential(List.of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    /** The bucket that there is. */
    public static final String BUCKET = "backups";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);
    private final Path folder;
    private final int port;
    private Process server;

    /** Skips the test where it is too slow. */
    public static void require() {
        assumeTrue(Boolean.getBoolean("ashlar.all"), "against S3Proxy only with \"./ashlar test --all\"");
    }

    /** Starts it. @param folder for its buckets, its configuration and its log */
    public S3Server(Path folder) throws Exception {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder.resolve("data").resolve(BUCKET));
        Files.writeString(folder.resolve("properties"), """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                jclouds.filesystem.basedir=%s
                """.formatted(port, CREDENTIAL.values().getFirst(), CREDENTIAL.values().getLast(), folder.resolve("data")));
        start();
    }

    /** Starts it again, at the same address. */
    public void start() throws Exception {
        server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), "org.gaul.s3proxy.Main", "--properties", folder.resolve("properties").toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
        long end = System.nanoTime() + PATIENCE;
        while (!answers()) {
            assertTrue(server.isAlive() && System.nanoTime() < end, () -> "S3Proxy does not answer: " + log());
            Thread.sleep(50);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Kills it in the middle of whatever it does. */
    public void kill() throws InterruptedException {
        server.destroyForcibly().waitFor();
    }

    /** The place of a target. @param bucketAndPrefix with a slash between them */
    public String url(String bucketAndPrefix) {
        return "s3:http://127.0.0.1:" + port + "/" + bucketAndPrefix;
    }

    @Override
    public void close() throws Exception {
        kill();
    }
}
