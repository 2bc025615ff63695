package org.ashlar.backup.sftp;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with an SFTP server: made at first use, ended when it is silent for {@link #SILENCE}, and made anew at the next use.
 * Nothing is told to a host before it has shown the right key.
 * <p>
 * Threads: any number; those that come while it is being made wait for that, but for {@link #close}.
 */
final class SftpConnection implements AutoCloseable {
    static {
        keepProviderPrivate(); // before anything of the library is loaded
    }

    private static final Duration CONNECT = Duration.ofSeconds(20);
    /** Also ends a connection whose other side has vanished. */
    private static final Duration SILENCE = Duration.ofSeconds(60);
    /** Calls at a time. OpenSSH permits ten channels of a connection unless told otherwise. */
    private static final int CHANNELS = 4;
    /** Best first, and always in this order: a host with several keys shows the same one each time. */
    private static final List<NamedFactory<Signature>> HOST_KEYS = List.of(BuiltinSignatures.ed25519, BuiltinSignatures.nistp256,
            BuiltinSignatures.nistp384, BuiltinSignatures.nistp521, BuiltinSignatures.rsaSHA512, BuiltinSignatures.rsaSHA256);

    private static final Logger LOG = LoggerFactory.getLogger(SftpConnection.class);

    private final SftpPlace place;
    private final Credential credential;
    private final SshClient ssh;
    private final Semaphore channels = new Semaphore(CHANNELS);
    private final Deque<SftpClient> idle = new ConcurrentLinkedDeque<>();
    private Optional<ClientSession> open = Optional.empty();
    /** The key that the host has shown last. */
    private volatile Optional<PublicKey> shown = Optional.empty();
    private volatile boolean closed;

    SftpConnection(SftpPlace place, Credential credential) {
        this.place = place;
        this.credential = credential;
        ssh = SshClient.setUpDefaultClient();
        ssh.setServerKeyVerifier((session, address, key) -> {
            shown = Optional.of(key);
            return isRight(key);
        });
        ssh.setSignatureFactories(HOST_KEYS);
        ssh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        ssh.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        CoreModuleProperties.NIO_WORKERS.set(ssh, 1);
        CoreModuleProperties.TCP_NODELAY.set(ssh, true); // each call waits for its answer
        CoreModuleProperties.IDLE_TIMEOUT.set(ssh, SILENCE);
        CoreModuleProperties.IO_CONNECT_TIMEOUT.set(ssh, CONNECT);
        ssh.start();
    }

    private boolean isRight(PublicKey key) {
        return place.hostKeys().contains(KeyUtils.getFingerPrint(key));
    }

    /** Without this, the library registers its provider of cryptography with the whole JVM when it is used first. */
    static void keepProviderPrivate() {
        System.setProperty("org.apache.sshd.security.provider.BC.useNamed", "false");
    }

    /** What is done over a channel, which is for one thread at a time. */
    interface Work<T> {
        T on(SftpClient channel) throws IOException;
    }

    /** @throws RefusedException when the host or the credential is not the right one */
    <T> T with(Work<T> work) throws IOException {
        try {
            if (!channels.tryAcquire(SILENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(place.host() + " has not answered any of " + CHANNELS + " calls for " + SILENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + place.host(), e);
        }
        try {
            return with(channel(), work);
        } finally {
            channels.release();
        }
    }

    /** A channel that failed is not used again, and not left open: a server permits few of them. */
    private <T> T with(SftpClient channel, Work<T> work) throws IOException {
        boolean well = false;
        try {
            T result = work.on(channel);
            well = true;
            return result;
        } finally {
            if (well) {
                idle.push(channel);
            } else {
                close(channel);
            }
        }
    }

    private static void close(SftpClient channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a channel that failed", e);
        }
    }

    private synchronized SftpClient channel() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (open.isEmpty() || !open.get().isOpen()) {
            idle.clear();
            open = Optional.empty();
            open = Optional.of(connect());
        }
        for (SftpClient channel = idle.poll(); channel != null; channel = idle.poll()) {
            if (channel.isOpen()) {
                return channel;
            }
        }
        return SftpClientFactory.instance().createSftpClient(open.get());
    }

    private ClientSession connect() throws IOException {
        Optional<ClientSession> session = Optional.empty();
        shown = Optional.empty();
        try {
            ClientSession fresh = ssh.connect(place.user(), place.host(), place.port()).verify(CONNECT).getSession();
            session = Optional.of(fresh);
            if (place.keyFile().isPresent()) {
                fresh.addPublicKeyIdentity(PrivateKeyFile.read(place.keyFile().get(), credential.values().stream().findFirst()));
            } else {
                credential.values().forEach(fresh::addPasswordIdentity);
            }
            fresh.auth().verify(CONNECT);
            return fresh;
        } catch (IOException | RuntimeException e) {
            session.ifPresent(failed -> failed.close(true));
            throw closed ? new ClosedChannelException() : explained(e, session.isPresent());
        }
    }

    private IOException explained(Exception failure, boolean reached) {
        String host = place.host() + (place.port() == 22 ? "" : ":" + place.port());
        if (shown.isPresent() && !isRight(shown.get())) {
            return new RefusedException(wrongKey(host, KeyUtils.getFingerPrint(shown.get()), KeyUtils.getKeyType(shown.get())), failure);
        }
        if (failure instanceof RefusedException refused) {
            return refused;
        }
        if (failure instanceof SshException ssh && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
            return new RefusedException(host + " does not let " + place.user() + " in with " + place.keyFile().map(file -> "the key " + file
                    + "; is its .pub in authorized_keys there?").orElse("this password"), failure);
        }
        return new IOException(reached ? host + " broke off: " + failure.getMessage() : host + " cannot be reached: " + reason(failure), failure);
    }

    private static String reason(Exception failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof UnresolvedAddressException) {
                return "its name leads to no address";
            }
        }
        return failure.getCause() instanceof IOException cause && cause.getMessage() != null ? cause.getMessage() : failure.toString();
    }

    private String wrongKey(String host, String fingerprint, String type) {
        String look = "what \"ssh-keygen -lf\" shows there for the file in /etc/ssh with the host's " + type + " key";
        return place.hostKeys().isEmpty()
                ? "the host key of " + host + " is not known here: it is " + fingerprint + ". If that is " + look
                        + ", give the same command again with --host-key " + fingerprint
                : "the host key of " + host + " is not the one it was: it is " + fingerprint + " now, and was " + String.join(" or ", place.hostKeys())
                        + ". Somebody may have come in between. If that is " + look + ", remove the target and add it again with --host-key "
                        + fingerprint;
    }

    @Override
    public void close() {
        closed = true;
        ssh.close(true);
    }
}
