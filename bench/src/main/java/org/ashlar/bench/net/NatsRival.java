package org.ashlar.bench.net;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests with 64 bytes and their answers over a NATS server: {@code answer SERVER} prints a line and then answers until it is
 * ended; {@code ask SERVER IN-FLIGHT MILLISECONDS RUNS} prints how many a second were answered.
 */
public final class NatsRival {
    private static final String SUBJECT = "echo";
    private static final int BODY = 64;

    private NatsRival() { }

    public static void main(String[] words) throws Exception {
        Connection connection = Nats.connect(new Options.Builder().server(words[1]).build());
        if (words[0].equals("answer")) {
            connection.createDispatcher(message -> connection.publish(message.getReplyTo(), message.getData())).subscribe(SUBJECT);
            connection.flush(java.time.Duration.ofSeconds(10));
            System.out.println("ready");
            Thread.currentThread().join();
        }
        AtomicLong done = new AtomicLong();
        for (int i = 0; i < Integer.parseInt(words[2]); i++) {
            Thread.ofVirtual().start(() -> {
                byte[] body = new byte[BODY];
                while (connection.request(SUBJECT, body).join().getData().length == BODY) {
                    done.incrementAndGet();
                }
                throw new AssertionError("the answer is not what was asked");
            });
        }
        Runs.print(done, 1, Long.parseLong(words[3]), Integer.parseInt(words[4]));
        System.exit(0);
    }
}
