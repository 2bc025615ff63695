package org.ashlar.example;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.ashlar.process.Process.receive;
import static org.ashlar.process.Process.reply;
import static org.ashlar.process.Process.request;
import static org.ashlar.process.Process.spawn;

import java.util.StringTokenizer;
import org.ashlar.process.Address;
import org.ashlar.process.Mail;
import org.ashlar.process.Request;
import org.ashlar.process.Response;
import org.ashlar.process.SendError;

/**
 * Asked with numbers, {@code 3 4 5}, starts a child for each, lets all of them work at the same time, and answers
 * with the sum of their squares.
 */
final class Parent {

    private long sum;
    private int outstanding;

    public static void main(String[] args) {
        Parent parent = new Parent();
        while (true) {
            parent.handle(receive());
        }
    }

    private void handle(Mail mail) {
        switch (mail) {
            case Request asked when outstanding > 0 -> reply("busy: ask again later");
            case Request asked -> distribute(new StringTokenizer(asked.text()));
            case Response answer -> finish(Long.parseLong(answer.text()));
            case SendError error -> {
                System.out.println("no answer from " + error.target());
                finish(0);
            }
        }
    }

    private void distribute(StringTokenizer numbers) {
        sum = 0;
        outstanding = numbers.countTokens();
        if (outstanding == 0) {
            reply("0");
        }
        while (numbers.hasMoreTokens()) {
            Address child = spawn("child.wasm").start();
            request(child).body(numbers.nextToken()).expects(10, SECONDS).send();
        }
    }

    /** After a response we are back at the request that was being worked on: the reply goes to whoever asked. */
    private void finish(long square) {
        sum += square;
        outstanding--;
        if (outstanding == 0) {
            reply(Long.toString(sum));
        }
    }
}
