package org.ashlar.http;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose certificate has one fingerprint, whoever signed it and whatever name it carries; without a fingerprint, whom this
 * machine trusts. A refusal tells the fingerprint that was seen: a person may compare it with that of the server.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    /** A server is not who it should be. The message is for a person. */
    static final class UntrustedException extends CertificateException {
        private static final long serialVersionUID = 1L;

        UntrustedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final X509ExtendedTrustManager machine;
    private final Optional<String> fingerprint;

    private PinnedTrust(X509ExtendedTrustManager machine, Optional<String> fingerprint) {
        this.machine = machine;
        this.fingerprint = fingerprint;
    }

    static SSLContext context(Optional<String> fingerprint) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            X509ExtendedTrustManager machine = Arrays.stream(factory.getTrustManagers()).filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast).findFirst().orElseThrow();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PinnedTrust(machine, fingerprint)}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check machines) throws CertificateException {
        String seen = fingerprint(chain[0]);
        if (fingerprint.isPresent()) {
            if (!fingerprint.get().equals(seen)) {
                throw new UntrustedException("its certificate has another fingerprint, " + seen
                        + ". Either it was renewed, or somebody stands between", null);
            }
            return;
        }
        try {
            machines.run();
        } catch (CertificateException e) {
            throw new UntrustedException("its certificate is not one that this machine trusts for that name. If whoever runs the server says that"
                    + " the fingerprint of its certificate is " + seen + ", add --" + HttpPlace.CERTIFICATE + " " + seen, e);
        }
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, () -> machine.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, () -> machine.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, () -> machine.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return machine.getAcceptedIssuers();
    }
}
