package org.ashlar.backup.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.http.Bounded;
import org.ashlar.http.HttpSite;
import org.ashlar.http.Turn;

/**
 * A part of a bucket. An object has its name there, after the prefix.
 * <p>
 * A put asks whether there is one, and then puts with {@code If-None-Match: *}, so that of many one wins where the store knows that. A store that
 * passes over it, or does not know it, is asked under a lock of this JVM; another program that stores the same name in that instant may be overtaken.
 */
final class S3Target implements BackupTarget {
    /** One page has a thousand objects at most. */
    static final long MAX_PAGE = 16 << 20;

    private final S3Place place;
    private final HttpSite site;

    S3Target(S3Place place, Credential credential) {
        this.place = place;
        this.site = new HttpSite(place.bucket(), "an S3 store", new RequestSigner(credential, place.region()));
    }

    private String key(String name) {
        BackupTarget.requireName(name);
        return place.prefix() + name;
    }

    private HttpRequest.Builder request(String method, String path) {
        return site.request(method, path, BodyPublishers.noBody());
    }

    /** @param expected what else is an answer beside 2xx */
    private <T> HttpSite.Answer<T> permitted(HttpSite.Answer<T> answer) throws IOException {
        if (answer.status() == 403) {
            throw new RefusedException(site + " refuses the access key or its secret, or does not let it use the bucket; is the clock right here?");
        }
        return answer;
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        String key = key(name);
        try (Turn _ = Turn.take(site + key)) {
            if (stat(name).isPresent()) {
                return false;
            }
            int status = put(key, content, true);
            if (status == 501 || status == 400) {
                status = put(key, content, false); // it does not know the condition
            }
            return switch (status) {
                case 412 -> false;
                case 409 -> throw new IOException(site + " has another put of " + name + " under way");
                case 404 -> throw new RefusedException("there is no bucket " + place.name() + " there; make it with the store's own tools first");
                case 501, 400 -> throw new RefusedException(site + " does not store " + name + ": it answered with " + status);
                default -> true;
            };
        }
    }

    private int put(String key, ByteBuffer content, boolean condition) throws IOException {
        HttpRequest.Builder request = site.request("PUT", key, content).header("Content-Type", "application/octet-stream");
        if (condition) {
            request.header("If-None-Match", "*");
        }
        return permitted(site.ask(request, Set.of(400, 403, 404, 409, 412, 501))).status();
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        String key = key(name);
        if (!into.hasRemaining()) {
            if (stat(name).isEmpty()) {
                throw new NoSuchFileException(name);
            }
            return 0;
        }
        return site.get(key, offset, into, () -> true);
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        String query = "?list-type=2&max-keys=1000&prefix=" + encoded(key(folder) + "/");
        Optional<String> next = Optional.empty();
        do {
            next = page(query + next.map(token -> "&continuation-token=" + encoded(token)).orElse(""), folder, each);
        } while (next.isPresent());
    }

    private Optional<String> page(String query, String folder, Consumer<Stored> each) throws IOException {
        HttpSite.Answer<InputStream> answer = permitted(site.open(request("GET", query), Set.of(403, 404)));
        if (answer.body().isEmpty()) {
            throw new RefusedException("there is no bucket " + place.name() + " there; make it with the store's own tools first");
        }
        try (InputStream in = new Bounded(answer.body().get(), MAX_PAGE)) {
            return BucketListing.read(in, (key, size) -> {
                String name = key.startsWith(place.prefix()) ? key.substring(place.prefix().length()) : "";
                if (BackupTarget.isName(name) && name.startsWith(folder + "/")) {
                    each.accept(new Stored(name, size));
                }
            });
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public boolean delete(String name) throws IOException {
        return stat(name).isPresent() && permitted(site.ask(request("DELETE", key(name)), Set.of(403, 404))).status() != 404;
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        HttpSite.Answer<Integer> answer = permitted(site.ask(request("HEAD", key(name)), Set.of(403, 404)));
        return answer.status() == 404 ? OptionalLong.empty() : OptionalLong.of(HttpSite.length(answer).orElseThrow(() ->
                new IOException(site + " does not say how long " + name + " is")));
    }

    @Override
    public void close() {
        site.close();
    }

    @Override
    public String toString() {
        return site.toString();
    }
}
