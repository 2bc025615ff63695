package org.ashlar.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.bench.driver.Effort;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** What a node's signatures take: Bouncy Castle, as the node has it, beside the JDK, one run of each in turn. */
final class Signing {
    private static final int MESSAGE = 100;
    private static final int WARM_UP = 5_000;
    private static final int TIMES = 1_000;

    @FunctionalInterface
    private interface Work {
        boolean run() throws GeneralSecurityException;
    }

    private Signing() { }

    static List<Row> ed25519(Path root, Erlang erlang) throws IOException {
        byte[] message = new byte[MESSAGE];
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        Ed25519.sign(seed, 0, key, 0, message, 0, MESSAGE, signature, 0);
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(key, 0);
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] theirs = signed(pair, message);
            return List.of(
                    row("Ed25519, signature of 100 bytes, beside it the JDK's", () -> {
                        byte[] made = new byte[Ed25519.SIGNATURE_SIZE];
                        Ed25519.sign(seed, 0, key, 0, message, 0, MESSAGE, made, 0);
                        return Arrays.equals(made, signature);
                    }, () -> Arrays.equals(signed(pair, message), theirs)),
                    row("… its verification", () -> Ed25519.verify(signature, 0, point, message, 0, MESSAGE), () -> {
                        Signature verifier = Signature.getInstance("Ed25519");
                        verifier.initVerify(pair.getPublic());
                        verifier.update(message);
                        return verifier.verify(theirs);
                    }));
        } catch (GeneralSecurityException e) {
            throw new IOException("the JDK does not sign: " + e.getMessage(), e);
        }
    }

    private static byte[] signed(KeyPair pair, byte[] message) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(message);
        return signer.sign();
    }

    private static Row row(String figure, Work ours, Work theirs) throws IOException, GeneralSecurityException {
        List<Double> own = new ArrayList<>();
        List<Double> rival = new ArrayList<>();
        if (!Effort.BRIEF) {
            micros(ours, WARM_UP);
            micros(theirs, WARM_UP);
        }
        for (int run = 0; run < Figure.RUNS; run++) {
            own.add(micros(ours, TIMES));
            rival.add(micros(theirs, TIMES));
        }
        return new Row(figure, "µs of processor", new Series(own), "", Optional.of(new Series(rival)));
    }

    /** Processor time of one: other work on the machine does not count. */
    private static double micros(Work work, int thorough) throws IOException, GeneralSecurityException {
        long times = Effort.amount(thorough);
        long started = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (long i = 0; i < times; i++) {
            if (!work.run()) {
                throw new IOException("a signature does not fit");
            }
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - started) / 1_000.0 / times;
    }
}
