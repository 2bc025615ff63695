package org.ashlar.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;

/**
 * A connection to an {@link HttpPlace}. Answers that the caller does not expect become exceptions with a line for a person:
 * {@link RefusedException} where trying again is no use, any other {@link IOException} where it may pass. Redirects are not followed: the
 * credential is for this server alone.
 * <p>
 * Threads: any number; each call waits for its answer, {@link #PATIENCE} at most. After {@link #close} all fail, those under way too.
 */
public final class HttpSite implements AutoCloseable {
    /** How long one answer may take. Who calls may give up earlier. */
    static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    /** Bytes read of an answer that nobody looks at, so that its connection can be used again. */
    private static final int UNREAD = 64 << 10;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-(-?[0-9]{1,18})/([0-9]{1,18}|\\*)");

    private final HttpPlace place;
    private final String kind;
    private final Authorization authorization;
    private final HttpClient client;
    private volatile boolean closed;

    /** Says with each request who asks. */
    @FunctionalInterface
    public interface Authorization {
        /** Headers to be added. @param content the body */
        Map<String, String> headers(String method, URI address, ByteBuffer content);
    }

    /** An answer. @param body what was made of it when the status is 2xx */
    public record Answer<T>(int status, java.net.http.HttpHeaders headers, Optional<T> body) { }

    /**
     * Connects with nobody yet.
     *
     * @param kind       what the server should be, for people, such as {@code a WebDAV server}
     * @param credential as {@link HttpPlace#credential} wants it
     */
    public HttpSite(HttpPlace place, String kind, Credential credential) {
        this(place, kind, basic(place, credential));
    }

    /** Connects with nobody yet. @param kind as above */
    public HttpSite(HttpPlace place, String kind, Authorization authorization) {
        this.place = place;
        this.kind = kind;
        this.authorization = authorization;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT).sslContext(PinnedTrust.context(place.fingerprint())).build();
    }

    private static Authorization basic(HttpPlace place, Credential credential) {
        Map<String, String> headers = place.user().map(user -> Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(
                (user + ":" + credential.values().getFirst()).getBytes(StandardCharsets.UTF_8)))).orElse(Map.of());
        return (method, address, content) -> headers;
    }

    /** A request for what lies under {@code path} below the base; headers may be added. */
    public HttpRequest.Builder request(String method, String path, BodyPublisher body) {
        return request(method, path, body, ByteBuffer.allocate(0));
    }

    /** One whose body whoever says who asks may want to see. */
    public HttpRequest.Builder request(String method, String path, ByteBuffer content) {
        return request(method, path, body(content), content);
    }

    private HttpRequest.Builder request(String method, String path, BodyPublisher body, ByteBuffer content) {
        HttpRequest.Builder request = HttpRequest.newBuilder(place.uri(path)).method(method, body);
        authorization.headers(method, place.uri(path), content.asReadOnlyBuffer()).forEach(request::header);
        return request;
    }

    /** What is below the base, as an absolute address. */
    public String address(String path) {
        return place.uri(path).toString();
    }

    /** The path of the base on the server, with a slash at its end. */
    public String path() {
        return place.base().getPath();
    }

    public static BodyPublisher body(ByteBuffer content) {
        if (content.hasArray()) {
            return BodyPublishers.ofByteArray(content.array(), content.arrayOffset() + content.position(), content.remaining());
        }
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return BodyPublishers.ofByteArray(copy);
    }

    /** Asks, and looks at the status alone. @param expected what else is an answer beside 2xx */
    public Answer<Integer> ask(HttpRequest.Builder request, Set<Integer> expected) throws IOException {
        return ask(request, expected, HttpSite::unread);
    }

    /** Asks for something long. The caller closes the stream, and reads no more of it than it means to. */
    public Answer<InputStream> open(HttpRequest.Builder request, Set<Integer> expected) throws IOException {
        return ask(request, expected, BodySubscribers::ofInputStream);
    }

    private static Room unread() {
        return new Room(ByteBuffer.allocate(UNREAD), 0);
    }

    private <T> Answer<T> ask(HttpRequest.Builder builder, Set<Integer> expected, Supplier<BodySubscriber<T>> body) throws IOException {
        HttpRequest request = builder.build();
        HttpResponse<Optional<T>> response = send(request, info -> info.statusCode() / 100 == 2
                ? BodySubscribers.mapping(body.get(), Optional::of) : BodySubscribers.mapping(unread(), skipped -> Optional.empty()));
        if (response.statusCode() / 100 != 2 && !expected.contains(response.statusCode())) {
            throw failure(request, response);
        }
        return new Answer<>(response.statusCode(), response.headers(), response.body());
    }

    /** Reads a range, as {@link BackupTarget#get} does. @param isObject asked when the server answers as for a folder */
    public int get(String path, long offset, ByteBuffer into, Check isObject) throws IOException {
        int room = into.remaining();
        HttpRequest request = request("GET", path, BodyPublishers.noBody())
                .header("Range", "bytes=" + offset + "-" + Math.addExact(offset, room - 1L)).build();
        HttpResponse<Integer> response = send(request, info -> switch (info.statusCode()) {
            case 206 -> new Room(into, 0);
            case 200 -> new Room(into, offset);
            default -> unread();
        });
        switch (response.statusCode()) {
            case 206 -> requireWhole(request, response, offset, room);
            case 200 -> {
                long size = response.headers().firstValueAsLong("Content-Length").orElse(-1);
                if (!isObject.holds()) {
                    into.position(into.position() - response.body());
                    throw new NoSuchFileException(path);
                }
                require(size < 0 || response.body() == Math.clamp(size - offset, 0, room), request, response, size - offset);
            }
            case 404, 410 -> throw new NoSuchFileException(path);
            case 416 -> { return 0; }
            case 301, 302, 303, 307, 308, 405 -> { // what some answer when they are asked to read a folder
                if (!isObject.holds()) {
                    throw new NoSuchFileException(path);
                }
                throw failure(request, response);
            }
            default -> throw failure(request, response);
        }
        return response.body();
    }

    /** A question that may need the server. */
    public interface Check {
        boolean holds() throws IOException;
    }

    private void requireWhole(HttpRequest request, HttpResponse<Integer> response, long offset, int room) throws IOException {
        Matcher range = CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
            throw new IOException(place.server() + " sent another part of " + request.uri().getPath() + " than the one that was asked for");
        }
        long left = range.group(3).equals("*") ? Long.parseLong(range.group(2)) + 1 - offset : Long.parseLong(range.group(3)) - offset;
        // Some send nothing instead of 416 when the range lies behind the end.
        require(response.body() == Math.clamp(left, 0, room), request, response, Math.clamp(left, 0, room));
    }

    private void require(boolean whole, HttpRequest request, HttpResponse<Integer> response, long wanted) throws IOException {
        if (!whole) {
            throw new IOException(place.server() + " sent " + response.body() + " of " + wanted + " bytes of " + request.uri().getPath());
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw closed ? new ClosedChannelException() : unreachable(request, e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(place.server() + " did not answer " + request.method() + " within " + PATIENCE.toMinutes() + " minutes", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + place.server() + " was asked", e);
        }
    }

    private IOException unreachable(HttpRequest request, Throwable why) {
        for (Throwable each = why; each != null; each = each.getCause()) {
            if (each instanceof PinnedTrust.UntrustedException untrusted) {
                return new RefusedException("the server " + place.server() + " is not trusted: " + untrusted.getMessage(), why);
            }
            if (each instanceof UnresolvedAddressException) {
                return new IOException("there is no server " + place.server() + ", or no network", why);
            }
        }
        String what = why instanceof ConnectException || why instanceof HttpTimeoutException ? place.server() + " cannot be reached"
                : "the connection to " + place.server() + " broke off during " + request.method();
        return new IOException(what + Optional.ofNullable(why.getMessage()).map(message -> ": " + message).orElse(""), why);
    }

    private IOException failure(HttpRequest request, HttpResponse<?> response) {
        int status = response.statusCode();
        String server = place.server();
        String asked = request.method() + " " + request.uri().getPath();
        return switch (status) {
            case 401 -> new RefusedException(place.user().isPresent() ? server + " does not accept the user name and the password"
                    : server + " wants a user name and a password; say who asks with --user NAME");
            case 403 -> new RefusedException(server + " does not permit " + asked);
            case 301, 302, 303, 307, 308 -> new RefusedException(server + " says that it has moved"
                    + moved(response).map(to -> " to " + to).orElse("")
                    + "; that is not followed, for a password is for one server. If it is right, use that address");
            case 408, 423, 425, 429, 500, 502, 503, 504 -> new IOException(server + " has trouble of its own: it answered " + asked
                    + " with " + status);
            case 413 -> new RefusedException(server + " takes no file as large as this; raise its limit on the size of a request");
            case 507 -> new IOException(server + " has no room left");
            default -> new RefusedException(server + " answered " + asked + " with " + status + "; is it " + kind + "?");
        };
    }

    /** Where a server wants to send us; printable, and short. */
    private static Optional<String> moved(HttpResponse<?> response) {
        return response.headers().firstValue("Location").filter(to -> to.matches("[!-~]{1,200}"));
    }

    /** The length that an answer tells of what it is about. */
    public static OptionalLong length(Answer<?> answer) {
        return answer.headers().firstValueAsLong("Content-Length");
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
    }

    @Override
    public String toString() {
        return place.base().toString();
    }
}
