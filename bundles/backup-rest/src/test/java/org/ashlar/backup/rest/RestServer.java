package org.ashlar.backup.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** The restic REST protocol on objects in memory: as much of it as there is, for one repository {@code /repository/}. */
final class RestServer implements AutoCloseable {
    private static final String BASE = "/repository/";

    final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** Adding is permitted, replacing and deleting is not; locks may go. */
    volatile boolean appendOnly;
    /** What lists look like, when not as they should. */
    volatile byte[] list = new byte[0];
    private final HttpServer server;

    RestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext(BASE, exchange -> {
            try (exchange) {
                answer(exchange, exchange.getRequestURI().getPath().substring(BASE.length()));
            }
        });
        server.start();
    }

    String location() {
        return "rest:http://localhost:" + server.getAddress().getPort() + BASE;
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        String method = exchange.getRequestMethod();
        asked.add(method + " " + path);
        switch (method) {
            case "POST" -> post(exchange, path);
            case "DELETE" -> {
                boolean permitted = !appendOnly || path.startsWith("locks/");
                exchange.sendResponseHeaders(!permitted ? 403 : objects.remove(path) == null ? 404 : 200, -1);
            }
            case "HEAD" -> {
                byte[] object = objects.get(path);
                if (object != null) {
                    exchange.getResponseHeaders().set("Content-Length", String.valueOf(object.length));
                }
                exchange.sendResponseHeaders(object == null ? 404 : 200, -1);
            }
            default -> {
                if (path.endsWith("/")) {
                    list(exchange, path);
                } else {
                    get(exchange, objects.get(path));
                }
            }
        }
    }

    private void post(HttpExchange exchange, String path) throws IOException {
        if (path.isEmpty()) {
            exchange.sendResponseHeaders("create=true".equals(exchange.getRequestURI().getQuery()) ? 200 : 400, -1);
            return;
        }
        byte[] content = exchange.getRequestBody().readAllBytes();
        boolean stored = appendOnly ? objects.putIfAbsent(path, content) == null : objects.put(path, content) != content;
        exchange.sendResponseHeaders(stored ? 200 : 403, -1);
    }

    private void get(HttpExchange exchange, byte[] object) throws IOException {
        if (object == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        String[] range = exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "").split("-");
        long from = Long.parseLong(range[0]);
        if (from >= object.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        int to = (int) Math.min(Long.parseLong(range[1]), object.length - 1);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + object.length);
        exchange.sendResponseHeaders(206, to + 1 - from);
        exchange.getResponseBody().write(Arrays.copyOfRange(object, (int) from, to + 1));
    }

    private void list(HttpExchange exchange, String folder) throws IOException {
        boolean second = "application/vnd.x.restic.rest.v2".equals(exchange.getRequestHeaders().getFirst("Accept"));
        byte[] body = list.length > 0 ? list : objects.subMap(folder, folder.replaceAll("/$", "0")).entrySet().stream().map(entry -> {
            String name = entry.getKey().substring(folder.length());
            return second ? "{\"name\":\"%s\",\"size\":%d}".formatted(name, entry.getValue().length) : "\"" + name + "\"";
        }).collect(Collectors.joining(",", "[", "]")).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
