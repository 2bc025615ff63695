package org.ashlar.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Takes a body into the room that there is, and lets go of the connection when more comes. Its result is how many bytes it took. */
final class Room implements BodySubscriber<Integer> {
    private final ByteBuffer into;
    private final int begin;
    private final CompletableFuture<Integer> read = new CompletableFuture<>();
    private long skip;
    private Subscription subscription;

    /** @param skip bytes of the body before those that are wanted */
    Room(ByteBuffer into, long skip) {
        this.into = into;
        this.begin = into.position();
        this.skip = skip;
    }

    @Override
    public CompletionStage<Integer> getBody() {
        return read;
    }

    @Override
    public void onSubscribe(Subscription begun) {
        subscription = begun;
        begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            int over = (int) Math.min(skip, part.remaining());
            part.position(part.position() + over);
            skip -= over;
            if (part.remaining() > into.remaining()) {
                into.put(part.slice(part.position(), into.remaining()));
                subscription.cancel();
                onComplete();
                return;
            }
            into.put(part);
        }
    }

    @Override
    public void onError(Throwable why) {
        read.completeExceptionally(why);
    }

    @Override
    public void onComplete() {
        read.complete(into.position() - begin);
    }
}
