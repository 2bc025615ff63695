package org.ashlar.maven.guest;

import org.ashlar.process.Process;
import org.ashlar.process.Request;

/** Answers each request with its own body, until one is empty. */
final class EchoGuest {

    public static void main(String[] args) {
        while (true) {
            if (Process.receive() instanceof Request request) {
                if (request.body().length == 0) {
                    return;
                }
                Process.reply(request.body());
            }
        }
    }
}
