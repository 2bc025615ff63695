package org.ashlar.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.repository.RetryingTarget;
import org.ashlar.tck.BackupTargetContract;
import org.ashlar.tck.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a bucket of a real server keeps the contract; faults on the way. */
class S3ProxyTest extends BackupTargetContract {
    private static final int LARGE = 16 << 20;
    @TempDir
    static Path folder;
    private static S3Server server;
    private final String prefix = UUID.randomUUID().toString();

    @BeforeAll
    static void serve() throws Exception {
        S3Server.require();
        server = new S3Server(folder);
    }

    @AfterAll
    static void end() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** Tried again as in a node: this server answers 500 when a file gets its name while it lists. */
    @Override
    protected BackupTarget connect() throws IOException {
        return new RetryingTarget(connect(S3Server.BUCKET, S3Server.CREDENTIAL), 10, Duration.ofMillis(20));
    }

    private BackupTarget connect(String bucket, Credential credential) throws IOException {
        return open(new S3TargetKind(), server.url(bucket + "/of/" + prefix), Map.of(), credential);
    }

    @Test
    void aListOfMoreThanAPageIsWhole() throws IOException {
        try (BackupTarget target = connect()) {
            Map<String, Long> expected = new HashMap<>();
            for (int i = 0; i < 1100; i++) {
                target.put("data/%02x/%04x".formatted(i % 256, i), ByteBuffer.allocate(i % 3));
                expected.put("data/%02x/%04x".formatted(i % 256, i), i % 3L);
            }
            Map<String, Long> found = new HashMap<>();
            target.list("data", stored -> assertEquals(null, found.put(stored.name(), stored.size())));
            assertEquals(expected, found);
        }
    }

    @Test
    void aWrongSecretAndAnUnknownKeyAreRefused() throws IOException {
        for (Credential wrong : List.of(new Credential(List.of(S3Server.CREDENTIAL.values().getFirst(), "wrong")),
                new Credential(List.of("nobody", S3Server.CREDENTIAL.values().getLast())))) {
            try (BackupTarget target = connect(S3Server.BUCKET, wrong)) {
                for (org.junit.jupiter.api.function.Executable call : List.<org.junit.jupiter.api.function.Executable>of(() -> target.stat("config"),
                        () -> target.put("config", ByteBuffer.allocate(3)), () -> target.list("data", stored -> { }))) {
                    String why = assertThrows(RefusedException.class, call).getMessage();
                    assertTrue(why.contains("the access key or its secret"), why);
                }
            }
        }
    }

    @Test
    void aBucketThatIsMissingIsSaidToBeMissing() throws IOException {
        try (BackupTarget target = connect("nowhere", S3Server.CREDENTIAL)) {
            for (org.junit.jupiter.api.function.Executable call : List.<org.junit.jupiter.api.function.Executable>of(
                    () -> target.put("config", ByteBuffer.allocate(3)), () -> target.list("data", stored -> { }))) {
                String why = assertThrows(RefusedException.class, call).getMessage();
                assertTrue(why.contains("no bucket nowhere"), why);
            }
        }
    }

    @Test
    void aServerThatIsKilledDuringAPutHasAllOfItOrNothingAndIsFoundWhenItIsBack() throws Exception {
        ByteBuffer content = ByteBuffer.allocate(LARGE);
        try (BackupTarget target = connect(S3Server.BUCKET, S3Server.CREDENTIAL); ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<Boolean> put = pool.submit(() -> target.put("data/00/00", content));
            Thread.sleep(30);
            server.kill();
            boolean stored = false;
            try {
                stored = put.get();
            } catch (ExecutionException e) {
                assertTrue(e.getCause() instanceof IOException && !(e.getCause() instanceof RefusedException), e.toString());
            }
            IOException away = assertThrows(IOException.class, () -> target.stat("config"));
            assertFalse(away instanceof RefusedException, away.toString());
            server.start();
            OptionalLong size = target.stat("data/00/00");
            assertTrue(size.isPresent() ? size.getAsLong() == LARGE : !stored, size.toString());
            assertEquals(size.isEmpty(), target.put("data/00/00", content));
        }
    }
}
