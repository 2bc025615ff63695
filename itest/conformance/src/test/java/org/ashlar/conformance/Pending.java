package org.ashlar.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ashlar.api.message.SendError;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.SendFailedException;
import org.opentest4j.AssertionFailedError;

/** A Request of the tester that has been sent. The methods wait for its end. */
record Pending(CompletableFuture<Answer> answer) {

    /** The Response. */
    Answer response() {
        try {
            return end();
        } catch (ExecutionException e) {
            throw new AssertionFailedError("instead of a Response came: " + e.getCause(), e.getCause());
        }
    }

    String text() {
        return new String(response().response().body(), StandardCharsets.UTF_8);
    }

    /** The Response, which a probe gave by {@code report}. */
    Journal journal() {
        return Journal.parse(text());
    }

    String blob() {
        try {
            return new String(response().blob().orElseThrow(() -> new AssertionFailedError("the Response has no blob")).bytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The send error that came instead of a Response. */
    SendError error() {
        try {
            throw new AssertionFailedError("instead of a send error came a Response from " + end().source());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SendFailedException failed) {
                return failed.error();
            }
            throw new AssertionFailedError("instead of a send error came: " + e.getCause(), e.getCause());
        }
    }

    private Answer end() throws ExecutionException {
        try {
            return answer.get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionFailedError("neither Response nor send error within " + Patience.LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted while waiting for a Response", e);
        }
    }
}
