package org.ashlar.backup.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.http.Bounded;
import org.ashlar.http.HttpPlace;
import org.ashlar.http.HttpSite;

/**
 * A folder on a WebDAV server (RFC 4918); an object is a file of its name.
 * <p>
 * A put writes a file in {@code tmp/} and moves it to its name, which the server refuses when that is taken ({@code Overwrite: F}). What a crash
 * leaves in {@code tmp/} is removed a day later, by the server's clock, before the first put of a connection. Whether a file is durable once it
 * is acknowledged is the server's affair.
 */
final class WebdavTarget implements BackupTarget {
    private static final String UNFINISHED = "tmp";
    /** An unfinished file as old as that belongs to nobody any more. */
    private static final Duration ABANDONED = Duration.ofDays(1);
    /** Longest answer about one folder: some 200 000 files. */
    private static final long MAX_LISTING = 256L << 20;
    /** Most folders below one. */
    private static final int MAX_FOLDERS = 100_000;
    /** A server that has a name locked is asked so often. */
    private static final int LOCKED_TRIES = 50;
    private static final long LOCKED_PAUSE_MILLIS = 100;

    private final HttpSite site;
    /** Folders that are there. */
    private final Set<String> folders = ConcurrentHashMap.newKeySet();
    private volatile boolean cleaned;

    WebdavTarget(HttpPlace place, Credential credential) {
        site = new HttpSite(place, "a WebDAV server", credential);
    }

    private HttpRequest.Builder request(String method, String path) {
        return site.request(method, path, BodyPublishers.noBody());
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        BackupTarget.requireName(name);
        if (stat(name).isPresent()) {
            return false;
        }
        clean();
        makeFolders(parent(name));
        makeFolders(UNFINISHED);
        String fresh = UNFINISHED + "/" + UUID.randomUUID();
        boolean moved = false;
        try {
            BodyPublisher body = HttpSite.body(content);
            requireFolders(ask(site.request("PUT", fresh, body).header("Content-Type", "application/octet-stream"), Set.of(404, 409)), name);
            moved = move(fresh, name);
            return moved;
        } finally {
            if (!moved) {
                discard(fresh);
            }
        }
    }

    /** @return false when the name is taken */
    private boolean move(String fresh, String name) throws IOException {
        int status = ask(request("MOVE", fresh).header("Destination", site.address(name)).header("Overwrite", "F"), Set.of(404, 409, 412));
        if (status == 412) {
            return false;
        }
        requireFolders(status, name);
        return true;
    }

    /** Asks, again where the server has something locked: two requests for one name may be enough for that. */
    private int ask(HttpRequest.Builder request, Set<Integer> expected) throws IOException {
        Set<Integer> locked = new HashSet<>(expected);
        locked.add(423);
        for (int i = 1; i < LOCKED_TRIES; i++) {
            int status = site.ask(request, locked).status();
            if (status != 423) {
                return status;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOCKED_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a name was locked on " + site, e);
            }
        }
        return site.ask(request, expected).status();
    }

    /** What we made was taken away meanwhile: the next try makes it again. */
    private void requireFolders(int status, String name) throws IOException {
        if (status == 404 || status == 409) {
            folders.clear();
            throw new IOException(site + " has lost the folder of " + name);
        }
    }

    private void discard(String fresh) {
        try {
            ask(request("DELETE", fresh), Set.of(404));
        } catch (IOException e) {
            // it is removed a day later
        }
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(name.lastIndexOf('/'), 0));
    }

    /** Makes a folder and those above it, up to the place itself, but none above that. @param folder empty for the place */
    private void makeFolders(String folder) throws IOException {
        if (folders.contains(folder)) {
            return;
        }
        if (!folder.isEmpty()) {
            makeFolders(parent(folder));
        }
        int status = ask(request("MKCOL", folder.isEmpty() ? "" : folder + "/"), Set.of(405, 409));
        if (status == 409) {
            folders.clear();
            throw new IOException(site + (folder.isEmpty() ? ": the folder above it is missing on the server; make it there"
                    : " has lost its folders"));
        }
        folders.add(folder);
    }

    /** Removes what crashes left. */
    private void clean() throws IOException {
        if (cleaned) {
            return;
        }
        cleaned = true;
        List<String> old = new ArrayList<>();
        find(UNFINISHED + "/", "1", (resource, name, now) -> {
            boolean abandoned = resource.modified().map(time -> time.isBefore(now.minus(ABANDONED))).orElse(false);
            if (!resource.folder() && abandoned && old.size() < MAX_FOLDERS) {
                old.add(name);
            }
        });
        old.forEach(this::discard);
    }

    private interface Found {
        /** @param name below the place. @param now by the server's clock */
        void found(Propfind.Resource resource, String name, Instant now) throws IOException;
    }

    /** Asks what a path is. @param depth 0 for itself, 1 for what is in it, too. @return whether it is there */
    private boolean find(String path, String depth, Found each) throws IOException {
        HttpSite.Answer<InputStream> answer = site.open(site.request("PROPFIND", path, BodyPublishers.ofString(Propfind.REQUEST))
                .header("Depth", depth).header("Content-Type", "application/xml; charset=utf-8"), Set.of(404));
        if (answer.body().isEmpty()) {
            return false;
        }
        Instant now = answer.headers().firstValue("Date").flatMap(Propfind::time).orElseGet(Instant::now);
        try (InputStream in = new Bounded(answer.body().get(), MAX_LISTING)) {
            Propfind.read(in, resource -> each.found(resource, name(resource), now));
        }
        return true;
    }

    private long size(Propfind.Resource resource, String name) throws IOException {
        return resource.size().orElseThrow(() -> new IOException(site + " does not say how long " + name + " is"));
    }

    /** Where a resource lies below the place; empty for the place itself. */
    private String name(Propfind.Resource resource) throws IOException {
        try {
            String path = new URI(resource.href()).getPath();
            if (path != null && (path + "/").startsWith(site.path())) {
                return path.substring(Math.min(site.path().length(), path.length())).replaceAll("/$", "");
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IOException(site + " names its files by other addresses than that one; use the one that it knows itself by");
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        BackupTarget.requireName(name);
        if (!into.hasRemaining()) {
            stat(name).orElseThrow(() -> new NoSuchFileException(name));
            return 0;
        }
        return site.get(name, offset, into, () -> stat(name).isPresent());
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        BackupTarget.requireName(folder);
        Deque<String> waiting = new ArrayDeque<>(List.of(folder));
        while (!waiting.isEmpty()) {
            String at = waiting.removeFirst();
            find(at + "/", "1", (resource, name, now) -> {
                if (!BackupTarget.isName(name) || !parent(name).equals(at)) {
                    return;
                }
                if (!resource.folder()) {
                    each.accept(new Stored(name, size(resource, name)));
                    return;
                }
                if (waiting.size() >= MAX_FOLDERS) {
                    throw new IOException(site + " has more folders than a repository can have");
                }
                waiting.addLast(name);
            });
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        if (stat(name).isEmpty()) { // or it might be a folder, and all in it would go
            return false;
        }
        int status = ask(request("DELETE", name), Set.of(403, 404, 405));
        if (status == 403 || status == 405) {
            throw new RefusedException(site + " does not permit that files are deleted; what backups no longer need stays there until it is"
                    + " deleted on the server itself");
        }
        return status != 404;
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        BackupTarget.requireName(name);
        OptionalLong[] size = {OptionalLong.empty()};
        find(name, "0", (resource, found, now) -> {
            if (!resource.folder() && found.equals(name)) {
                size[0] = OptionalLong.of(size(resource, name));
            }
        });
        return size[0];
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
