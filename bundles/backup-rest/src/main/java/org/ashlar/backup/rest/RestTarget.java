package org.ashlar.backup.rest;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.http.HttpPlace;
import org.ashlar.http.HttpSite;
import org.ashlar.http.Turn;

/**
 * A repository behind the restic REST protocol. An object {@code data/5f/5f03…} is {@code data/5f03…} there, all others go by their names.
 * <p>
 * The protocol knows no put-if-absent: some servers refuse a second object of one name and some replace the first. So it is asked first
 * whether there is one, under a lock of this JVM; another program that stores the same name in that instant may be overtaken. How an object
 * becomes visible and durable is the server's affair.
 */
final class RestTarget implements BackupTarget {
    private static final String VERSION_2 = "application/vnd.x.restic.rest.v2";
    private static final String DATA = "data/";
    /** Letters of an object's name that are its folder's. */
    private static final int PREFIX = 2;

    private final HttpSite site;
    /** Whether the server was told that there is to be a repository. */
    private volatile boolean made;

    RestTarget(HttpPlace place, Credential credential) {
        site = new HttpSite(place, "a restic REST server", credential);
    }

    /** Where the protocol has an object. */
    private static String path(String name) {
        BackupTarget.requireName(name);
        int begin = DATA.length() + PREFIX + 1;
        return name.startsWith(DATA) && name.length() > begin && name.startsWith(name.substring(DATA.length(), begin - 1), begin)
                && name.charAt(begin - 1) == '/' && name.indexOf('/', begin) < 0 ? DATA + name.substring(begin) : name;
    }

    /** Whether the protocol has a place for an object: a folder of its own layout is none. */
    private static boolean hasPlace(String name) {
        return !name.startsWith(DATA) || !path(name).equals(name);
    }

    private HttpRequest.Builder request(String method, String path) {
        return site.request(method, path, BodyPublishers.noBody());
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        String path = path(name);
        if (!hasPlace(name)) {
            throw new RefusedException("the REST protocol has no place for " + name);
        }
        try (Turn _ = Turn.take(site + path)) {
            if (stat(name).isPresent()) {
                return false;
            }
            make();
            HttpRequest.Builder request = site.request("POST", path, HttpSite.body(content)).header("Content-Type", "application/octet-stream");
            if (site.ask(request, Set.of(403)).status() != 403) {
                return true;
            }
            if (stat(name).isPresent()) { // somebody else was quicker
                return false;
            }
            throw new RefusedException(site + " does not permit that " + name + " is stored there");
        }
    }

    /** Before the first object comes, the server makes its folders; it does nothing when they are there. */
    private void make() throws IOException {
        if (!made) {
            if (stat("config").isEmpty()) {
                site.ask(request("POST", "?create=true"), Set.of());
            }
            made = true;
        }
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        String path = path(name);
        if (!hasPlace(name) || !into.hasRemaining() && stat(name).isEmpty()) {
            throw new NoSuchFileException(name);
        }
        return into.hasRemaining() ? site.get(path, offset, into, () -> true) : 0;
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        BackupTarget.requireName(folder);
        String top = folder.contains("/") ? folder.substring(0, folder.indexOf('/')) : folder;
        HttpSite.Answer<InputStream> answer = site.open(request("GET", top + "/").header("Accept", VERSION_2), Set.of(404));
        if (answer.body().isEmpty()) {
            return;
        }
        try (InputStream in = answer.body().get()) {
            RestListing.read(in, RestListing.MAX_BYTES, (file, size) -> {
                String name = top + "/" + (top.equals("data") && file.length() > PREFIX ? file.substring(0, PREFIX) + "/" : "") + file;
                if (BackupTarget.isName(name) && hasPlace(name) && name.startsWith(folder + "/")) {
                    each.accept(new Stored(name, size));
                }
            });
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        String path = path(name);
        if (!hasPlace(name) || stat(name).isEmpty()) {
            return false;
        }
        int status = site.ask(request("DELETE", path), Set.of(403, 404, 405)).status();
        if (status == 403 || status == 405) {
            throw new RefusedException(site + " only lets files be added, and none be deleted; what backups no longer need stays there until it is"
                    + " deleted on the server itself");
        }
        return status != 404;
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        String path = path(name);
        if (!hasPlace(name)) {
            return OptionalLong.empty();
        }
        HttpSite.Answer<Integer> answer = site.ask(request("HEAD", path), Set.of(404));
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
