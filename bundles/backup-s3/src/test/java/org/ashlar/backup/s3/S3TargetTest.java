package org.ashlar.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.tck.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that a real server gives seldom. {@link S3ProxyTest} shows that the contract is kept on a real one. */
class S3TargetTest {
    private final List<String> asked = new ArrayList<>();
    private final List<Integer> answers = new ArrayList<>();
    private HttpServer server;
    private BackupTarget target;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            synchronized (this) {
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " "
                        + exchange.getRequestHeaders().getOrDefault("If-None-Match", List.of()));
                assertTrue(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")).startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
                exchange.sendResponseHeaders(answers.removeFirst(), -1);
            }
            exchange.close();
        });
        server.start();
        S3TargetKind kind = new S3TargetKind();
        target = kind.open(kind.configuration("s3:http://127.0.0.1:" + server.getAddress().getPort() + "/bucket/of/alice", Path.of("/"), Map.of()),
                S3Server.CREDENTIAL);
    }

    @AfterEach
    void end() {
        target.close();
        server.stop(0);
    }

    private void answer(Integer... statuses) {
        answers.addAll(Arrays.asList(statuses));
    }

    private boolean put() throws IOException {
        return target.put("config", ByteBuffer.wrap("content".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aPutIsConditionalAndTheConditionDecides() throws IOException {
        answer(404, 200);
        assertTrue(put());
        assertEquals(List.of("HEAD /bucket/of/alice/config []", "PUT /bucket/of/alice/config [*]"), asked);
        answer(404, 412);
        assertFalse(put(), "somebody was quicker");
    }

    @Test
    void aStoreThatKnowsNoConditionIsAskedWithout() throws IOException {
        answer(404, 501, 200);
        assertTrue(put());
        assertEquals("PUT /bucket/of/alice/config []", asked.getLast());
    }

    @Test
    void whatMayPassCanBeTriedAgainAndWhatWillNotIsRefused() {
        for (int status : List.of(500, 503, 409)) {
            answer(404, status);
            assertFalse(assertThrows(IOException.class, this::put) instanceof RefusedException, "status " + status);
        }
        for (int status : List.of(403, 404)) {
            answer(404, status);
            assertThrows(RefusedException.class, this::put, "status " + status);
        }
    }
}
