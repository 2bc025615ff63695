package org.ashlar.tck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate that nobody vouches for, of a server at home, made by the JDK's own tool. */
public final class SelfSigned {
    private static final String NAME = "server";
    private static final char[] PASSWORD = "password".toCharArray();

    private final Path folder;
    private final KeyStore store;

    private SelfSigned(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** @param folder where its files go */
    public static SelfSigned make(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path keys = folder.resolve("keys.p12");
        Path said = folder.resolve("keytool.log");
        int status = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", NAME, "-keyalg",
                "EC", "-dname", "CN=home", "-keystore", keys.toString(), "-storepass", new String(PASSWORD), "-validity", "10000")
                .redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor();
        if (status != 0) {
            throw new IOException("keytool: " + Files.readString(said));
        }
        return new SelfSigned(folder, KeyStore.getInstance(keys.toFile(), PASSWORD));
    }

    /** For a server in Java. */
    public SSLContext context() throws GeneralSecurityException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        return context;
    }

    /** For other servers: a file of the certificate. */
    public Path certificate() throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", store.getCertificate(NAME).getEncoded());
    }

    /** A file of its key. */
    public Path key() throws IOException, GeneralSecurityException {
        return pem("PRIVATE KEY", store.getKey(NAME, PASSWORD).getEncoded());
    }

    /** SHA-256 of the certificate. */
    public String fingerprint() throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(store.getCertificate(NAME).getEncoded()));
    }

    private Path pem(String what, byte[] content) throws IOException {
        return Files.writeString(folder.resolve(what.replace(' ', '-') + ".pem"), "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content) + "\n-----END " + what + "-----\n");
    }
}
