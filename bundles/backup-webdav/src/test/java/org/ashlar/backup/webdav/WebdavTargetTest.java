package org.ashlar.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.Credential;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.http.Bounded;
import org.ashlar.tck.BackupTargetContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract over WebDAV, and what is its own. */
class WebdavTargetTest extends BackupTargetContract {
    private final WebdavServer server;

    WebdavTargetTest() throws IOException {
        server = new WebdavServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected BackupTarget connect() throws Exception {
        return open(new WebdavTargetKind(), server.location(), Map.of(), Credential.NONE);
    }

    private List<String> files() {
        return server.entries().entrySet().stream().filter(entry -> entry.getValue().content().isPresent()).map(Map.Entry::getKey).toList();
    }

    @Test
    void anObjectIsAFileOfItsNameAndNothingElseIsLeft() throws Exception {
        try (BackupTarget target = connect()) {
            assertTrue(target.put("data/5f/5f0a", bytes("pack")));
            assertFalse(target.put("data/5f/5f0a", bytes("other")));
            assertEquals(List.of("data/5f/5f0a"), files());
        }
    }

    @Test
    void theFolderItselfIsMadeButNoneAboveIt() throws Exception {
        try (BackupTarget target = open(new WebdavTargetKind(), server.location() + "backups", Map.of(), Credential.NONE)) {
            assertTrue(target.put("config", bytes("config")));
            assertEquals(List.of("backups/config"), files());
        }
        try (BackupTarget target = open(new WebdavTargetKind(), server.location() + "not/there", Map.of(), Credential.NONE)) {
            IOException why = assertThrows(IOException.class, () -> target.put("config", bytes("config")));
            assertTrue(why.getMessage().contains("missing on the server"), why.getMessage());
        }
    }

    @Test
    void whatCrashesLeftIsRemovedADayLater() throws Exception {
        server.put("tmp", new WebdavServer.Entry(Optional.empty(), Instant.now()));
        server.put("tmp/old", new WebdavServer.Entry(Optional.of(new byte[1]), Instant.now().minus(Duration.ofDays(2))));
        server.put("tmp/young", new WebdavServer.Entry(Optional.of(new byte[1]), Instant.now().minus(Duration.ofHours(20))));
        try (BackupTarget target = connect()) {
            target.put("config", bytes("config"));
            assertEquals(List.of("config", "tmp/young"), files());
        }
    }

    @Test
    void aServerThatDeletesNothingSaysSo() throws Exception {
        server.keeps = true;
        try (BackupTarget target = connect()) {
            target.put("config", bytes("config"));
            RefusedException why = assertThrows(RefusedException.class, () -> target.delete("config"));
            assertTrue(why.getMessage().contains("does not permit that files are deleted"), why.getMessage());
        }
    }

    private static String response(String href, String properties) {
        return "<response><href>" + href + "</href><propstat><prop>" + properties + "</prop><status>HTTP/1.1 200 OK</status></propstat></response>";
    }

    private static String multistatus(String... responses) {
        return List.of(responses).stream().collect(Collectors.joining("", "<multistatus xmlns='DAV:'>", "</multistatus>"));
    }

    private static List<Propfind.Resource> read(String xml) throws IOException {
        List<Propfind.Resource> found = new ArrayList<>();
        Propfind.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), found::add);
        return found;
    }

    @Test
    void propertiesCountThatTheServerHas() throws Exception {
        String xml = "<d:multistatus xmlns:d='DAV:'><d:response><d:href>/a</d:href>"
                + "<d:propstat><d:prop><d:getcontentlength>7</d:getcontentlength></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
                + "<d:propstat><d:prop><d:getcontentlength>8</d:getcontentlength><d:resourcetype><d:collection/></d:resourcetype></d:prop>"
                + "<d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response></d:multistatus>";
        assertEquals(List.of(new Propfind.Resource("/a", false, java.util.OptionalLong.of(7), Optional.empty())), read(xml));
    }

    @Test
    void anAnswerThatIsNoneIsAnError() throws Exception {
        String file = "<getcontentlength>1</getcontentlength>";
        try (BackupTarget target = connect()) {
            for (String answer : List.of("", "<html/>", "{}", "<multistatus/>", "<multistatus xmlns='DAV:'>", multistatus(response("/elsewhere/keys/a", file)),
                    multistatus(response("%", file)), multistatus(response("/dav/alice/keys/a", "")), multistatus("<response/>"),
                    multistatus(response("/dav/alice/" + "a".repeat(3000), file)), "<a>".repeat(100),
                    "<!DOCTYPE multistatus [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + multistatus(response("/dav/alice/keys/&x;", file)),
                    "<!DOCTYPE multistatus [<!ENTITY x 'abc'>]>" + multistatus(response("/dav/alice/keys/&x;", file)))) {
                server.answer = Optional.of(answer);
                assertThrows(IOException.class, () -> target.list("keys", stored -> { }), answer);
            }
            server.answer = Optional.of(multistatus(response("/dav/alice/keys/", "<resourcetype><collection/></resourcetype>"),
                    response("/dav/alice/keys/%2e%2e/a", file), response("/dav/alice/other/b", file), response("http://localhost/dav/alice/keys/c", file)));
            List<String> names = new ArrayList<>();
            target.list("keys", stored -> names.add(stored.name()));
            assertEquals(List.of("keys/c"), names, "what does not lie in the folder is passed over");
        }
    }

    @Test
    void aListThatIsTooLongIsLeft() {
        byte[] list = ("<multistatus xmlns='DAV:'>" + response("/a", "").repeat(10_000)).getBytes(StandardCharsets.UTF_8);
        long[] seen = new long[1];
        IOException why = assertThrows(IOException.class,
                () -> Propfind.read(new Bounded(new ByteArrayInputStream(list), 100_000), resource -> seen[0]++));
        assertTrue(why.getMessage().contains("too long") && seen[0] > 0, why.getMessage());
    }
}
