package org.ashlar.backup.sftp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.ashlar.api.backup.Credential;

/** The library's own server, on a loopback port; the folder it serves is its root. It takes passwords, which OpenSSH only does as root. */
final class EmbeddedServer implements AutoCloseable {
    static final String USER = "alice";
    static final Credential PASSWORD = new Credential(List.of("correct horse"));

    static {
        SftpConnection.keepProviderPrivate(); // before the server makes the library look for one
    }

    /** As many as OpenSSH permits. */
    static final int CHANNELS = 10;

    private final SshServer server = SshServer.setUpDefaultServer();
    private final SimpleGeneratorHostKeyProvider key = new SimpleGeneratorHostKeyProvider();

    EmbeddedServer(Path folder) throws IOException {
        this(folder, 0);
    }

    EmbeddedServer(Path folder, int port) throws IOException {
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, CHANNELS);
        server.setHost("127.0.0.1");
        server.setPort(port);
        key.setAlgorithm("EC");
        key.setKeySize(256);
        server.setKeyPairProvider(key);
        server.setPasswordAuthenticator((user, password, session) -> user.equals(USER) && password.equals(PASSWORD.values().getFirst()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder.toAbsolutePath()));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
        server.start();
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return "sftp://" + USER + "@127.0.0.1:" + port() + "/backups/of/alice";
    }

    String fingerprint() {
        return KeyUtils.getFingerPrint(key.loadKeys(null).iterator().next().getPublic());
    }

    /** Cuts all connections; new ones are taken. */
    void cut() {
        server.getActiveSessions().forEach(session -> session.close(true));
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
