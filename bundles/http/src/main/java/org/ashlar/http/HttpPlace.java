package org.ashlar.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;

/**
 * Where objects are: a folder on a server, written {@code KIND:https://HOST[:PORT]/PATH}, and who asks there.
 *
 * @param base        the address; ends with a slash
 * @param user        whose password is sent; nobody's without
 * @param fingerprint SHA-256 of the server's certificate, 64 hexadecimal digits: it alone is trusted then
 */
public record HttpPlace(URI base, Optional<String> user, Optional<String> fingerprint) {
    /** Whose password is sent with each request. */
    public static final String USER = "user";
    /** The fingerprint of the certificate that the server must have, whoever signed it. */
    public static final String CERTIFICATE = "certificate";
    /** Permits http: to another machine. */
    public static final String PLAIN = "plain-http";
    /** Options that go with a location. */
    public static final Set<String> OPTIONS = Set.of(USER, CERTIFICATE, PLAIN);

    private static final String URL = "url";
    private static final int MAX_LOCATION = 1000;

    /** Whether a location is of a kind. */
    public static boolean isFor(String kind, String location) {
        return location.regionMatches(true, 0, kind + ":", 0, kind.length() + 1);
    }

    /** The configuration of a target. @throws IOException when it cannot be meant, with a line that says why */
    public static Map<String, Object> configuration(String kind, String location, Map<String, String> options) throws IOException {
        String form = kind + ":https://HOST/PATH";
        if (!isFor(kind, location) || location.length() > MAX_LOCATION) {
            throw new IOException("a place of this kind is written " + form + ", in at most " + MAX_LOCATION + " characters");
        }
        URI base = base(location.substring(kind.length() + 1), form);
        if (base.getScheme().equals("http") && !options.containsKey(PLAIN) && !isThisMachine(base.getHost())) {
            throw new IOException("with http: everybody on the way can read the password; write https:, or add --" + PLAIN
                    + " if you trust that way");
        }
        Map<String, Object> values = new HashMap<>(Map.of(URL, base.toString(), BackupTarget.LOCATION, kind + ":" + base));
        if (options.containsKey(USER)) {
            values.put(USER, options.get(USER));
        }
        if (options.containsKey(CERTIFICATE)) {
            values.put(CERTIFICATE, digits(options.get(CERTIFICATE)));
        }
        of(values);
        return values;
    }

    /** Of a configuration that {@link #configuration} made, or a person wrote. @throws IOException when it names no place */
    public static HttpPlace of(Map<String, Object> configuration) throws IOException {
        Optional<String> user = text(configuration, USER);
        if (user.filter(name -> name.contains(":") || name.length() > MAX_LOCATION).isPresent()) {
            throw new IOException("a user name here has no colon");
        }
        Optional<String> certificate = text(configuration, CERTIFICATE);
        URI base = base(text(configuration, URL).orElse(""), "https://HOST/PATH");
        return new HttpPlace(base, user, certificate.isPresent() ? Optional.of(digits(certificate.get())) : Optional.empty());
    }

    private static Optional<String> text(Map<String, Object> configuration, String key) {
        return Optional.ofNullable(configuration.get(key)).map(String::valueOf).filter(text -> !text.isEmpty());
    }

    private static URI base(String address, String form) throws IOException {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            throw new IOException("that is no address: " + e.getReason() + "; it is written " + form, e);
        }
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null) {
            throw new IOException("leave the user name and the password out of the address, which is shown; --" + USER + " NAME says who asks, and"
                    + " the password is asked for");
        }
        if (!scheme.equals("https") && !scheme.equals("http") || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IOException("an address of this kind is written " + form);
        }
        String path = uri.getRawPath();
        if (path.matches("(.*/)?\\.{1,2}(/.*)?|.*//.*")) {
            throw new IOException("leave . and .. and empty names out of the path of the address");
        }
        return URI.create(scheme + "://" + uri.getRawAuthority() + path + (path.endsWith("/") ? "" : "/"));
    }

    private static String digits(String fingerprint) throws IOException {
        String digits = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{64}")) {
            throw new IOException("the fingerprint of a certificate has 64 hexadecimal digits (SHA-256)");
        }
        return digits;
    }

    /** By its name alone: what a name server says may change. */
    private static boolean isThisMachine(String host) {
        return host.equalsIgnoreCase("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /** What has to be told besides: the password, if a user is named. */
    public List<Credential.Part> credential() {
        return user.map(name -> new Credential.Part("Password of " + name + " at " + server(), true)).stream().toList();
    }

    /** @param path what follows the base: of {@code a-z 0-9 . _ - /} */
    URI uri(String path) {
        return URI.create(base + path);
    }

    /** Host and port, for people. */
    String server() {
        return base.getRawAuthority();
    }
}
