package org.ashlar.backup.webdav;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/** As much of a WebDAV server as there is to a target: files and folders in memory, one request at a time. */
final class WebdavServer implements AutoCloseable {
    private static final String BASE = "/dav/alice/";

    /** A file, or a folder when there is no content. */
    record Entry(Optional<byte[]> content, Instant modified) { }

    private final TreeMap<String, Entry> entries = new TreeMap<>(Map.of("", new Entry(Optional.empty(), Instant.now())));
    /** What a PROPFIND is answered with, when not as it should be. */
    volatile Optional<String> answer = Optional.empty();
    /** Whether nothing may be deleted but what is unfinished. */
    volatile boolean keeps;
    private final HttpServer server;

    WebdavServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext(BASE, exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                respond(exchange, path(exchange.getRequestURI()), body);
            }
        });
        server.start();
    }

    String location() {
        return "webdav:http://localhost:" + server.getAddress().getPort() + BASE;
    }

    /** A copy of what is there. */
    synchronized Map<String, Entry> entries() {
        return new TreeMap<>(entries);
    }

    synchronized void put(String path, Entry entry) {
        entries.put(path, entry);
    }

    private static String path(URI uri) {
        String path = uri.getPath();
        return path.substring(Math.min(BASE.length(), path.length())).replaceAll("/$", "");
    }

    private record Answer(int status, byte[] body) {
        static Answer of(int status) {
            return new Answer(status, new byte[0]);
        }
    }

    private void respond(HttpExchange exchange, String path, byte[] body) throws IOException {
        Answer answered;
        synchronized (this) {
            answered = switch (exchange.getRequestMethod()) {
                case "PROPFIND" -> propfind(path, exchange.getRequestHeaders().getFirst("Depth").equals("1"));
                case "MKCOL" -> make(path, Optional.empty());
                case "PUT" -> make(path, Optional.of(body));
                case "MOVE" -> move(path, path(URI.create(exchange.getRequestHeaders().getFirst("Destination"))),
                        "F".equals(exchange.getRequestHeaders().getFirst("Overwrite")));
                case "DELETE" -> delete(path);
                case "GET" -> get(exchange, path);
                default -> Answer.of(405);
            };
        }
        exchange.sendResponseHeaders(answered.status(), answered.body().length == 0 ? -1 : answered.body().length);
        exchange.getResponseBody().write(answered.body());
    }

    private Answer make(String path, Optional<byte[]> content) {
        Entry above = entries.get(path.substring(0, Math.max(path.lastIndexOf('/'), 0)));
        if (above == null || above.content().isPresent()) {
            return Answer.of(409);
        }
        Entry there = entries.get(path);
        if (there != null && (content.isEmpty() || there.content().isEmpty())) {
            return Answer.of(405);
        }
        entries.put(path, new Entry(content, Instant.now()));
        return Answer.of(201);
    }

    private Answer move(String from, String to, boolean keep) {
        if (!entries.containsKey(from)) {
            return Answer.of(404);
        }
        if (keep && entries.containsKey(to)) {
            return Answer.of(412);
        }
        Answer made = make(to, entries.get(from).content());
        if (made.status() == 201) {
            entries.remove(from);
        }
        return made;
    }

    private Answer delete(String path) {
        if (keeps && !path.startsWith("tmp/")) {
            return Answer.of(403);
        }
        return Answer.of(entries.remove(path) == null ? 404 : 204);
    }

    private Answer get(HttpExchange exchange, String path) {
        Entry entry = entries.get(path);
        if (entry == null) {
            return Answer.of(404);
        }
        if (entry.content().isEmpty()) {
            return new Answer(200, "<html>a folder, for people</html>".getBytes(StandardCharsets.UTF_8));
        }
        byte[] object = entry.content().get();
        String[] range = exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "").split("-");
        long from = Long.parseLong(range[0]);
        if (from >= object.length) {
            return Answer.of(416);
        }
        int to = (int) Math.min(Long.parseLong(range[1]), object.length - 1);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + object.length);
        return new Answer(206, Arrays.copyOfRange(object, (int) from, to + 1));
    }

    private Answer propfind(String path, boolean below) {
        if (answer.isPresent()) {
            return new Answer(207, answer.get().getBytes(StandardCharsets.UTF_8));
        }
        if (!entries.containsKey(path)) {
            return Answer.of(404);
        }
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\">");
        entries.forEach((name, entry) -> {
            String parent = name.substring(0, Math.max(name.lastIndexOf('/'), 0));
            if (name.equals(path) || below && !name.isEmpty() && parent.equals(path)) {
                String properties = entry.content().map(content -> "<D:resourcetype/><D:getcontentlength>" + content.length + "</D:getcontentlength>")
                        .orElse("<D:resourcetype><D:collection/></D:resourcetype>");
                xml.append("<D:response><D:href>").append(BASE.replace("a", "%61")).append(name).append(entry.content().isEmpty() ? "/" : "")
                        .append("</D:href><D:propstat><D:prop>").append(properties).append("<D:getlastmodified>")
                        .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(entry.modified().atOffset(ZoneOffset.UTC)))
                        .append("</D:getlastmodified></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>");
            }
        });
        return new Answer(207, xml.append("</D:multistatus>").toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
