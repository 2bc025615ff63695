package org.ashlar.example;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.ashlar.process.Process.our;
import static org.ashlar.process.Process.receive;
import static org.ashlar.process.Process.reply;
import static org.ashlar.process.Process.request;

import org.ashlar.process.Address;
import org.ashlar.process.Request;

/** Asked with a number, plays that many rounds with pong and answers how many came back. */
final class Ping {

    public static void main(String[] args) {
        Address pong = our().sibling("pong");
        while (true) {
            if (receive() instanceof Request asked) {
                int rounds = Integer.parseInt(asked.text());
                reply(play(pong, rounds) + " of " + rounds + " pings came back");
            }
        }
    }

    private static int play(Address pong, int rounds) {
        int returned = 0;
        for (int round = 0; round < rounds; round++) {
            String answer = request(pong).body("ping").expects(5, SECONDS).await().text();
            if (answer.equals("pong")) {
                returned++;
            }
        }
        return returned;
    }
}
